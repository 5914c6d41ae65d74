import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klanten overnemen uit een bestand', en: 'taking over customers from a file' }
const content = { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } }

/** Under the organisation's own key: a refused row belongs to nobody yet. Rows are kept 30 days. */
export const exchangePersonalData: SealedTable[] = [
  {
    table: 'import_run',
    subject: 'organisation',
    classes: content,
    fields: [
      {
        name: 'fileName',
        label: { nl: 'Bestandsnaam', en: 'File name' },
        sealedClass: 'content',
        purpose,
        search: 'none',
        isExported: false,
        isPortable: false,
      },
    ],
  },
  {
    table: 'import_row',
    subject: 'organisation',
    classes: content,
    fields: [
      {
        name: 'cells',
        label: { nl: 'Geweigerde rij', en: 'Refused row' },
        sealedClass: 'content',
        purpose,
        search: 'none',
        isExported: false,
        isPortable: false,
      },
    ],
  },
]
