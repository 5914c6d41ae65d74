import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = {
  nl: 'verantwoording van wat twee mensen samen doen',
  en: 'accounting for what two people do together',
}
const field = (name: string, nl: string, en: string) => ({
  name,
  label: { nl, en },
  sealedClass: 'content' as const,
  purpose,
  search: 'none' as const,
  isExported: false,
  isPortable: false,
})

/** Why somebody asked, what they will do, and what the other wrote: each may name a customer or a colleague. */
export const approvalsPersonalData: SealedTable = {
  table: 'approval',
  subject: 'organisation',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    field('reason', 'Reden', 'Reason'),
    field('note', 'Antwoord', 'Answer'),
    field('preview', 'Wat er gebeurt', 'What is done'),
    field('sent', 'De vraag zelf', 'The request itself'),
  ],
}
