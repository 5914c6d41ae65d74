import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const content = (name: string, nl: string, en: string): PersonalField => ({
  name,
  label: { nl, en },
  sealedClass: 'content',
  purpose: {
    nl: 'bepalen wat van klanten bewaard wordt',
    en: 'deciding what is kept of customers',
  },
  search: 'none',
  isExported: false,
  isPortable: false,
})

export const fieldsPersonalData: SealedTable[] = [
  {
    // Under the organisation's own key: a name such as "reason for bankruptcy" tells of its customers.
    table: 'field_definition',
    subject: 'organisation',
    classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
    fields: [
      content('label', 'Naam van een eigen veld', 'Name of a custom field'),
      content('help', 'Uitleg bij een eigen veld', 'Help with a custom field'),
      content('purpose', 'Doel van een eigen veld', 'Purpose of a custom field'),
      content('options', 'Keuzes van een eigen veld', 'Options of a custom field'),
      content('currency', 'Munt van een eigen veld', 'Currency of a custom field'),
    ],
  },
  {
    table: 'confidential_value',
    subject: ['person', 'company'],
    classes: {
      confidential: {
        column: 'confidential_sealed',
        counterColumn: 'confidential_seal_counter',
      },
    },
    fields: [
      {
        name: 'value',
        label: {
          nl: 'Waarde van een vertrouwelijk eigen veld',
          en: 'Value of a confidential custom field',
        },
        sealedClass: 'confidential',
        purpose: { nl: 'zoals het veld zelf zegt', en: 'as the field itself says' },
        search: 'none',
        isExported: true,
        isPortable: true,
      },
    ],
  },
]
