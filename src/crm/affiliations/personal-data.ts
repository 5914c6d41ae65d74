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

export const affiliationsPersonalData: SealedTable = {
  table: 'affiliation',
  subject: ['person'],
  classes: { content: { column: 'content_sealed', counterColumn: 'content_seal_counter' } },
  fields: [
    field('jobTitle', 'Functie', 'Job title'),
    field('department', 'Afdeling', 'Department'),
    field('since', 'Van', 'From'),
    field('until', 'Tot', 'Until'),
    field('isMainContact', 'Hoofdcontact', 'Main contact'),
    field('isSelf', 'Is zelf de eenmanszaak', 'Is the sole trader'),
  ],
}
