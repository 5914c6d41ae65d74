import type { SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klantenbeheer', en: 'customer management' }

export const notesPersonalData: SealedTable[] = [
  {
    table: 'note',
    subject: ['person', 'company', 'joint_dossier'],
    classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
    fields: [
      {
        name: 'body',
        label: { nl: 'Notitie', en: 'Note' },
        sealedClass: 'content',
        purpose,
        search: 'none',
        isExported: true,
        isPortable: true,
      },
    ],
  },
  {
    table: 'note_version',
    subject: ['person', 'company', 'joint_dossier'],
    classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
    fields: [
      {
        name: 'body',
        label: { nl: 'Eerdere tekst van een notitie', en: 'Earlier text of a note' },
        sealedClass: 'content',
        purpose,
        search: 'none',
        isExported: true,
        isPortable: true,
      },
    ],
  },
]
