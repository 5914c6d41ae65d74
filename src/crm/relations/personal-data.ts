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

export const relationsPersonalData: SealedTable = {
  table: 'relation',
  subject: ['person', 'company'],
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    field('kind', 'Relatie', 'Relation'),
    field('label', 'Relatie in eigen woorden', 'Relation in own words'),
    field('inverseLabel', 'Omgekeerde relatie', 'Relation the other way round'),
    field('since', 'Van', 'From'),
    field('until', 'Tot', 'Until'),
    field('livesTogether', 'Zelfde gezin', 'Same household'),
  ],
}
