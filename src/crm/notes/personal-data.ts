import type { SealedTable } from '#security/vault/catalogue.ts'

export const notesPersonalData: SealedTable = {
  table: 'note',
  subject: 'person-or-company',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'body',
      label: { nl: 'Notitie', en: 'Note' },
      sealedClass: 'content',
      purpose: { nl: 'klantenbeheer', en: 'customer management' },
      search: 'none',
      isExported: true,
      isPortable: true,
    },
  ],
}
