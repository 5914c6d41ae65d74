import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'misbruik van toegang tegengaan', en: 'stopping misuse of access' }
const content = { column: 'content_sealed', counterColumn: 'content_seal_counter' }
const kept = {
  sealedClass: 'content',
  purpose,
  search: 'none',
  isExported: false,
  isPortable: false,
} as const

/** Why a colleague was frozen and let go, and what was found of an alarm. */
export const budgetsPersonalData: SealedTable[] = [
  {
    table: 'freeze',
    subject: 'organisation',
    classes: { content },
    fields: [
      {
        name: 'reason',
        label: {
          nl: 'Waarom iemand bevroren of vrijgegeven werd',
          en: 'Why somebody was frozen or let go',
        },
        ...kept,
      },
    ],
  },
  {
    table: 'alarm',
    subject: 'organisation',
    classes: { content },
    fields: [
      {
        name: 'note',
        label: { nl: 'Wat er van een alarm bleek', en: 'What was found of an alarm' },
        ...kept,
      },
    ],
  },
]
