import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klantenbeheer', en: 'customer management' }

function contact(
  name: string,
  nl: string,
  en: string,
  search: PersonalField['search'],
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

export const companiesPersonalData: SealedTable = {
  table: 'company',
  subject: 'itself',
  classes: {
    contact: { column: 'contact_sealed', counterColumn: 'contact_seal_counter' },
    confidential: { column: 'confidential_sealed', counterColumn: 'confidential_seal_counter' },
  },
  fields: [
    contact('name', 'Naam', 'Name', 'index'),
    contact('enterpriseNumber', 'Ondernemingsnummer', 'Enterprise number', 'exact'),
    contact('emails', 'E-mail', 'E-mail', 'exact'),
    contact('phones', 'Telefoon', 'Phone', 'exact'),
    contact('addresses', 'Adres', 'Address', 'index', true),
    contact('website', 'Website', 'Website', 'none'),
    contact('tags', 'Labels', 'Tags', 'index', true),
    contact('language', 'Taal', 'Language', 'none', true),
    contact('industry', 'Sector', 'Industry', 'none', true),
    contact('employeeCount', 'Aantal werknemers', 'Employees', 'none', true),
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
