import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klanten overnemen uit een bestand', en: 'taking over customers from a file' }
const content = { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } }

function field(name: string, nl: string, en: string): PersonalField {
  return {
    name,
    label: { nl, en },
    sealedClass: 'content',
    purpose,
    search: 'none',
    isExported: false,
    isPortable: false,
  }
}

/**
 * Under the organisation's own key: a refused row belongs to nobody yet. Rows are kept 30 days, the file until its
 * import ends. What a customer was before an import changed them is under that customer's key.
 */
export const exchangePersonalData: SealedTable[] = [
  {
    table: 'import_run',
    subject: 'organisation',
    classes: content,
    fields: [field('fileName', 'Bestandsnaam', 'File name')],
  },
  {
    table: 'import_row',
    subject: 'organisation',
    classes: content,
    fields: [field('cells', 'Geweigerde rij', 'Refused row')],
  },
  {
    table: 'import_file',
    subject: 'organisation',
    classes: content,
    fields: [field('bytes', 'Bestand dat ingelezen wordt', 'File being imported')],
  },
  {
    table: 'import_batch',
    subject: 'organisation',
    classes: content,
    fields: [field('companies', 'Bedrijven in het bestand', 'Companies in the file')],
  },
  {
    table: 'import_mapping',
    subject: 'organisation',
    classes: content,
    fields: [field('headers', 'Koppen van een bron', 'Headers of a source')],
  },
  {
    table: 'import_change',
    subject: ['person', 'company'],
    classes: content,
    fields: [field('before', 'Gegevens voor een import', 'Details before an import')],
  },
]
