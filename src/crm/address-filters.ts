import type { FilterDeclaration } from '#security/vault/catalogue.ts'

/** People and companies have addresses of the same shape; each part is filtered by for itself. */
export const addressFilters: FilterDeclaration[] = [
  { name: 'street', part: 'street', kind: 'text', label: { nl: 'Straat', en: 'Street' } },
  {
    name: 'postalCode',
    part: 'postalCode',
    kind: 'choice',
    label: { nl: 'Postcode', en: 'Postal code' },
  },
  { name: 'city', part: 'city', kind: 'choice', label: { nl: 'Gemeente', en: 'City' } },
  { name: 'country', part: 'country', kind: 'choice', label: { nl: 'Land', en: 'Country' } },
]
