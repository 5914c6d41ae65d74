import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klantenbeheer', en: 'customer management' }

function contact(
  name: string,
  nl: string,
  en: string,
  search: PersonalField['search'] = 'index',
  isSkewed = false,
): PersonalField {
  return {
    name,
    label: { nl, en },
    sealedClass: 'contact',
    purpose,
    search,
    isSkewed,
    isExported: true,
    isPortable: true,
  }
}

export const peoplePersonalData: SealedTable = {
  table: 'person',
  subject: 'itself',
  classes: {
    contact: { column: 'contact_sealed', counterColumn: 'contact_seal_counter' },
    confidential: { column: 'confidential_sealed', counterColumn: 'confidential_seal_counter' },
  },
  fields: [
    contact('givenName', 'Voornaam', 'First name', 'index', true),
    contact('familyName', 'Achternaam', 'Last name', 'index', true),
    contact('salutation', 'Aanspreking', 'Salutation', 'none', true),
    contact('company', 'Bedrijf', 'Company'),
    contact('emails', 'E-mail', 'E-mail', 'exact'),
    contact('phones', 'Telefoon', 'Phone', 'exact'),
    contact('addresses', 'Adres', 'Address', 'index', true),
    contact('language', 'Taal', 'Language', 'none', true),
    contact('birthday', 'Geboortedatum', 'Date of birth', 'none', true),
    contact('tags', 'Labels', 'Tags', 'index', true),
    contact('website', 'Website', 'Website', 'none'),
    contact('reference', 'Klantnummer', 'Customer number', 'exact'),
    {
      name: 'ibans',
      label: { nl: 'Rekeningnummer', en: 'Bank account' },
      sealedClass: 'confidential',
      purpose,
      search: 'exact',
      isExported: true,
      isPortable: true,
    },
  ],
}

/** Why account numbers were shown. */
export const revealsPersonalData: SealedTable = {
  table: 'reveal',
  subject: 'person',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'reason',
      label: { nl: 'Reden van inzage', en: 'Reason for looking' },
      sealedClass: 'content',
      purpose: { nl: 'verantwoording van inzage', en: 'accounting for access' },
      search: 'none',
      isExported: true,
      isPortable: false,
    },
  ],
}
