import type { FilterDeclaration, PersonalField, SealedTable } from '#security/vault/catalogue.ts'
import { addressFilters } from '../address-filters.ts'

const text = (name: string): FilterDeclaration[] => [{ name, kind: 'text' }]
const choice = (name: string): FilterDeclaration[] => [{ name, kind: 'choice' }]

const purpose = { nl: 'klantenbeheer', en: 'customer management' }

function contact(
  name: string,
  nl: string,
  en: string,
  search: PersonalField['search'] = 'index',
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

export const peoplePersonalData: SealedTable = {
  table: 'person',
  subject: 'itself',
  functions: ['photo_id'],
  classes: {
    contact: { column: 'contact_sealed', counterColumn: 'contact_seal_counter' },
    confidential: { column: 'confidential_sealed', counterColumn: 'confidential_seal_counter' },
  },
  fields: [
    contact('givenName', 'Voornaam', 'First name', 'index', true, text('givenName')),
    contact('familyName', 'Achternaam', 'Last name', 'index', true, text('familyName')),
    contact('salutation', 'Aanspreking', 'Salutation', 'none', true, choice('salutation')),
    contact('company', 'Bedrijf', 'Company', 'index', false, text('company')),
    contact('emails', 'E-mail', 'E-mail', 'exact', false, text('email')),
    contact('phones', 'Telefoon', 'Phone', 'exact', false, text('phone')),
    contact('addresses', 'Adres', 'Address', 'index', true, addressFilters),
    contact('language', 'Taal', 'Language', 'none', true, choice('language')),
    contact('birthday', 'Geboortedatum', 'Date of birth', 'none', true, [
      { name: 'birthday', kind: 'yearly' },
    ]),
    contact('tags', 'Labels', 'Tags', 'index', true, [
      { name: 'tag', kind: 'choice', label: { nl: 'Label', en: 'Tag' } },
    ]),
    contact('website', 'Website', 'Website', 'none', false, text('website')),
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

/** Why account numbers and confidential fields were shown. */
export const revealsPersonalData: SealedTable = {
  table: 'reveal',
  subject: ['person', 'company'],
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
