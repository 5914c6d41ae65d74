import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klanten terugvinden', en: 'finding customers again' }

/** Under the organisation's own key: a view may name many customers, or none. */
export const viewsPersonalData: SealedTable = {
  table: 'saved_view',
  subject: 'organisation',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'name',
      label: { nl: 'Naam van een weergave of segment', en: 'Name of a view or segment' },
      sealedClass: 'content',
      purpose,
      search: 'none',
      isExported: false,
      isPortable: false,
    },
    {
      name: 'filter',
      label: { nl: 'Waarden waarop gefilterd wordt', en: 'Values that are filtered by' },
      sealedClass: 'content',
      purpose,
      search: 'none',
      isExported: false,
      isPortable: false,
    },
  ],
}
