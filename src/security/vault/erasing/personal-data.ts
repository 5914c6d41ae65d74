import type { SealedTable } from '../catalogue.ts'

/** Why somebody's keys were destroyed, and which: the certificate is made of it. */
export const erasurePersonalData: SealedTable = {
  table: 'erasure',
  subject: 'organisation',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'reason',
      label: { nl: 'Reden van een wissing', en: 'Reason of an erasure' },
      sealedClass: 'content',
      purpose: {
        nl: 'aantonen dat en waarom is gewist',
        en: 'showing that and why something was erased',
      },
      search: 'none',
      isExported: false,
      isPortable: false,
    },
  ],
}
