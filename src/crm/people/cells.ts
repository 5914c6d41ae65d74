import { dayNumber } from '#security/search/declared-filters.ts'
import { type CustomColumns, changeCells, type OwnColumns, writtenCustom } from '../cells.ts'
import { findNamed } from '../record-list.ts'
import type { CellChange } from '../views/contract.ts'
import { type Contact, PersonChange } from './contract.ts'
import { editPerson, openPerson, type PeopleParts } from './people.ts'

const columns: OwnColumns = {
  givenName: { max: 120 },
  familyName: { max: 120 },
  salutation: { max: 40 },
  company: { max: 200 },
  website: { max: 300 },
  reference: { max: 80 },
  birthday: { max: 10, check: (text) => dayNumber(text) !== undefined },
}

type Edit = Parameters<typeof editPerson>
export function changePeopleCells(
  parts: PeopleParts,
  asking: Edit[1] & { now: Date },
  { rows }: CellChange,
  writeAtOnce: Edit[4],
) {
  const custom: CustomColumns = {
    // A list shows nothing confidential, and changes nothing of it.
    fields: parts.fields
      .definitions('person')
      .filter(({ sensitivity }) => sensitivity === 'contact'),
    language: asking.who.language,
    now: asking.now,
    findNamed: (kind, name) => findNamed(parts, asking, kind, name),
  }
  return changeCells(
    rows,
    columns,
    custom,
    async (id) => {
      const { row, contact } = await openPerson(parts, asking, id, 'edit')
      return { contact, before: written(contact, row.stage, custom) }
    },
    (id, change) => editPerson(parts, asking, id, PersonChange.parse(change), writeAtOnce),
  )
}

/** A record's cells as they stand in the list. */
function written(contact: Contact, stage: string, columns: CustomColumns): Record<string, string> {
  const { emails, phones, addresses, tags, custom, ...texts } = contact
  const [address] = addresses
  return {
    ...texts,
    ...writtenCustom(custom, columns),
    stage,
    email: emails[0]?.value ?? '',
    phone: phones[0]?.value ?? '',
    tags: tags.join(', '),
    street: address?.street ?? '',
    postalCode: address?.postalCode ?? '',
    city: address?.city ?? '',
    country: address?.country ?? '',
  }
}
