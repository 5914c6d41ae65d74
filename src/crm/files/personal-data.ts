import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const purpose = { nl: 'klantenbeheer', en: 'customer management' }
const content = (name: string, nl: string, en: string): PersonalField => ({
  name,
  label: { nl, en },
  sealedClass: 'content',
  purpose,
  search: 'none',
  isExported: true,
  isPortable: true,
})

/** The class secret holds the key of the contents, which are sealed in frames: docs/formats/sealed-file.md. */
const file: SealedTable = {
  table: 'file',
  subject: ['person', 'company', 'joint_dossier'],
  mayHaveOwnKey: true,
  classes: {
    content: { column: 'content_sealed', counterColumn: 'content_seal_counter' },
    secret: { column: 'key_sealed', counterColumn: 'key_seal_counter' },
  },
  fields: [
    content('name', 'Naam van een bestand', 'Name of a file'),
    content('type', 'Soort bestand', 'Type of a file'),
    content('size', 'Grootte van een bestand', 'Size of a file'),
  ],
}

/** Why a file was opened that a law has kept of somebody who was erased. */
const retainedOpening: SealedTable = {
  table: 'retained_opening',
  subject: 'organisation',
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'reason',
      label: {
        nl: 'Reden van inzage in een bewaard document',
        en: 'Reason for opening a kept document',
      },
      sealedClass: 'content',
      purpose: { nl: 'verantwoording van inzage', en: 'accounting for access' },
      search: 'none',
      isExported: false,
      isPortable: false,
    },
  ],
}

export const filesPersonalData: SealedTable[] = [file, retainedOpening]
