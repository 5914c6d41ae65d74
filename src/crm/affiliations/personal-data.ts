import type { SealedTable } from '#security/vault/catalogue.ts'

export const affiliationsPersonalData: SealedTable = {
  table: 'affiliation',
  subject: 'person',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'jobTitle',
      label: { nl: 'Functie', en: 'Job title' },
      sealedClass: 'content',
      purpose: { nl: 'klantenbeheer', en: 'customer management' },
      search: 'none',
      isSkewed: true,
      isExported: true,
      isPortable: true,
    },
  ],
}
