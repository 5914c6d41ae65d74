/** What filters look at of what hangs on a record: its readable columns and as much of what it says as is asked for. */
import { dayNumber } from '#security/search/declared-filters.ts'
import type { IndexKind, RelatedDocument, Relation } from '#security/search/index-types.ts'
import { RelationContent } from './relations/contract.ts'
import { inverse } from './relations/kinds.ts'
import type { RelatedRow } from './store.ts'

/** What any of them may say, as it was opened; of one that did not open, nothing. */
export type Said = Record<string, unknown>

// Of a colleague that a note mentions only the id stands there.
const MENTION = /<@[0-9a-f-]{36}>/g

export function describeRelated(relation: Relation, row: RelatedRow, said: Said): RelatedDocument {
  const document = { relation, id: row.id, subjects: subjectsOf(row) }
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : '')
  const day = (on: string | null | undefined) => (on ? (dayNumber(on) ?? null) : null)
  switch (relation) {
    case 'note':
      return {
        ...document,
        at: row.created_at!.getTime(),
        userId: row.user_id ?? null,
        body: text('body').replace(MENTION, ' '),
      }
    case 'task':
      return {
        ...document,
        isMarked: !row.done_at,
        at: day(row.due_on),
        doneAt: row.done_at?.getTime() ?? null,
        userId: row.user_id ?? null,
        body: text('title'),
      }
    case 'file':
      return { ...document, at: row.created_at!.getTime(), body: text('name') }
    case 'affiliation':
      return {
        ...document,
        isMarked: said.isMainContact === true,
        at: day(text('until')),
        texts: { jobTitle: text('jobTitle'), department: text('department') },
      }
    case 'relation': {
      const content = RelationContent.parse('kind' in said ? said : { kind: 'other' })
      const { label, inverseLabel, until } = content
      return {
        ...document,
        isMarked: row.is_parent === true,
        at: day(until),
        roles: [content.kind, inverse(content).kind],
        texts: { label, inverseLabel },
      }
    }
  }
}

function subjectsOf(row: RelatedRow): RelatedDocument['subjects'] {
  const ends: [IndexKind, string | null | undefined][] = [
    ['person', row.person_id],
    ['company', row.company_id],
    ['person', row.other_person_id],
    ['company', row.other_company_id],
  ]
  return ends.flatMap(([kind, id]) => (id ? [{ kind, id }] : []))
}
