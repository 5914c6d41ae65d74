import type { FilterDeclaration, PersonalField, SealedTable } from '#security/vault/catalogue.ts'
import { addressFilters } from '../address-filters.ts'
import { sizeNames, sizeOf } from '../company-size.ts'
import { codesAbove, divisionNames, divisionOf } from '../sectors.ts'

const text = (name: string): FilterDeclaration[] => [{ name, kind: 'text' }]
const choice = (name: string): FilterDeclaration[] => [{ name, kind: 'choice' }]

const purpose = { nl: 'klantenbeheer', en: 'customer management' }

function contact(
  name: string,
  nl: string,
  en: string,
  search: PersonalField['search'],
  isSkewed = false,
  filters: FilterDeclaration[] = [],
): PersonalField {
  return {
    name,
    label: { nl, en },
    sealedClass: 'contact',
    purpose,
    search,
    isSkewed,
    filters,
    isExported: true,
    isPortable: true,
  }
}

export const companiesPersonalData: SealedTable = {
  table: 'company',
  subject: 'itself',
  personWhen: 'isSoleTrader',
  classes: {
    contact: { column: 'contact_sealed', counterColumn: 'contact_seal_counter' },
    confidential: { column: 'confidential_sealed', counterColumn: 'confidential_seal_counter' },
  },
  fields: [
    contact('name', 'Naam', 'Name', 'index', false, text('name')),
    contact(
      'enterpriseNumber',
      'Ondernemingsnummer',
      'Enterprise number',
      'exact',
      false,
      text('enterpriseNumber'),
    ),
    contact('emails', 'E-mail', 'E-mail', 'exact', false, text('email')),
    contact('phones', 'Telefoon', 'Phone', 'exact', false, text('phone')),
    contact('addresses', 'Adres', 'Address', 'index', true, [
      ...addressFilters,
      {
        name: 'siteNumber',
        part: 'siteNumber',
        kind: 'text',
        label: { nl: 'Vestigingsnummer', en: 'Establishment number' },
      },
    ]),
    contact('website', 'Website', 'Website', 'none', false, text('website')),
    contact('tags', 'Labels', 'Tags', 'index', true, [
      { name: 'tag', kind: 'choice', label: { nl: 'Label', en: 'Tag' } },
    ]),
    contact('language', 'Taal', 'Language', 'none', true, choice('language')),
    contact('otherNumbers', 'Ander nummer', 'Other number', 'exact', false, text('otherNumber')),
    contact('industry', 'Activiteit', 'Activity', 'none', true, choice('industry')),
    contact('sector', 'Sector', 'Sector', 'none', true, [
      { name: 'sector', kind: 'choice', as: divisionOf, valueNames: divisionNames },
      {
        name: 'sectorCode',
        kind: 'code',
        label: { nl: 'Sector tot op de klasse', en: 'Sector down to its class' },
        as: codesAbove,
      },
    ]),
    contact('employeeCount', 'Aantal werknemers', 'Employees', 'none', true, [
      { name: 'employeeCount', kind: 'number' },
      {
        name: 'size',
        kind: 'choice',
        label: { nl: 'Grootte', en: 'Size' },
        as: sizeOf,
        valueNames: sizeNames,
      },
    ]),
    contact('isSoleTrader', 'Eenmanszaak', 'Sole trader', 'none', true, [
      {
        name: 'isSoleTrader',
        kind: 'choice',
        as: (value) => (value === 'true' ? 'yes' : ''),
        valueNames: { yes: { nl: 'Ja', en: 'Yes' } },
      },
    ]),
    contact('reference', 'Klantnummer', 'Customer number', 'exact', false, text('reference')),
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
