import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = {
  nl: 'verantwoording van noodtoegang',
  en: 'accounting for emergency access',
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

/** Why somebody opened everything, and what was found of it afterwards. */
export const breakGlassPersonalData: SealedTable = {
  table: 'break_glass',
  subject: 'organisation',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [field('reason', 'Reden', 'Reason'), field('review', 'Nazicht', 'Review')],
}
