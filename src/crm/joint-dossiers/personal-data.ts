import type { PersonalField, SealedTable } from '#security/vault/catalogue.ts'

const field = (name: string, nl: string, en: string): PersonalField => ({
  name,
  label: { nl, en },
  sealedClass: 'content',
  purpose: { nl: 'klantenbeheer', en: 'customer management' },
  search: 'none',
  isSkewed: true,
  isExported: true,
  isPortable: true,
})
const classes = {
  content: { column: 'content_sealed', counterColumn: 'content_seal_counter' },
} as const

export const jointDossiersPersonalData: SealedTable[] = [
  {
    table: 'joint_dossier',
    subject: 'itself',
    classes,
    fields: [field('name', 'Naam van een gezamenlijk dossier', 'Name of a joint dossier')],
  },
  {
    table: 'joint_party',
    subject: ['joint_dossier'],
    classes,
    fields: [
      field('role', 'Rol in een gezamenlijk dossier', 'Role in a joint dossier'),
      field('since', 'In het gezamenlijke dossier sinds', 'In the joint dossier since'),
      field('until', 'In het gezamenlijke dossier tot', 'In the joint dossier until'),
    ],
  },
]
