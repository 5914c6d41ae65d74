import type { SealedTable } from '#security/vault/catalogue.ts'

/** Under the key of the record that was kept; gone 30 days after the merge, or when it is undone. */
export const mergesPersonalData: SealedTable = {
  table: 'merge',
  subject: ['person', 'company'],
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'before',
      label: { nl: 'Toestand vóór het samenvoegen', en: 'State before the merge' },
      sealedClass: 'content',
      purpose: { nl: 'samenvoegen ongedaan kunnen maken', en: 'being able to undo a merge' },
      search: 'none',
      isExported: false,
      isPortable: false,
    },
  ],
}
