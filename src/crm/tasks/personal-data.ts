import type { SealedTable } from '#security/vault/catalogue.ts'

export const tasksPersonalData: SealedTable = {
  table: 'task',
  subject: ['person', 'company', 'joint_dossier'],
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    {
      name: 'title',
      label: { nl: 'Taak', en: 'Task' },
      sealedClass: 'content',
      purpose: { nl: 'klantenbeheer', en: 'customer management' },
      search: 'none',
      isExported: true,
      isPortable: true,
    },
  ],
}
