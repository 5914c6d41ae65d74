/** Where what comes in with a batch gets its place: new people and companies, and at which company people are. */
import { randomUUID } from 'node:crypto'
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { BatchParts, Change } from './batch.ts'
import type { Place, Step } from './decide.ts'
import type { Draft } from './draft.ts'
import type { RecordKind } from './duplicates.ts'
import {
  findTies,
  type KnownTie,
  type NewTie,
  rememberTied,
  type TieChange,
  tieNamed,
  workAfter,
} from './hung/ties.ts'

export type NewRecord = Place & {
  stage: string
  contact: Contact | CompanyContact
  ibans: string[]
}
/** New records get their place and key; a person's company is the one they are at, one met before, or made. */
export async function placeRecords(parts: BatchParts, created: Step[], updated: Step[]) {
  const { vault, tx, companies, placeOfLine } = parts
  const fresh: NewRecord[] = []
  const added: NewTie[] = []
  const changed: TieChange[] = []
  const add = (kind: RecordKind, draft: Draft): NewRecord => {
    const of = kind === 'person' ? draft.person! : draft.company!
    const record: NewRecord = {
      kind,
      id: randomUUID(),
      keySlot: 0,
      isNew: true,
      stage: draft.stage,
      contact: of.contact,
      ibans: of.ibans,
    }
    fresh.push(record)
    return record
  }
  /** Gives the tie that is there already; a new one is listed. */
  const tie = (person: Place, draft: Draft, own: KnownTie[] = []): KnownTie | undefined => {
    const { company } = draft
    const named = tieNamed(own, draft)
    if (named) rememberTied(companies, named)
    const byReference = companies.findByReference(draft.companyReference)?.place
    if (named || (!company && !byReference)) return named
    let home = company ? companies.find(company.contact) : byReference
    if (!home && company) {
      home = add('company', draft)
      companies.remember(company.contact, home)
    }
    const known = own.find(({ company_id }) => company_id === home!.id)
    const isListed = added.some((one) => one.person.id === person.id && one.company.id === home!.id)
    if (!known && !isListed)
      added.push({ id: randomUUID(), person, company: home!, work: draft.person!.work })
    return known
  }
  for (const { draft } of created) {
    if (!draft.person) {
      const record = add('company', draft)
      companies.remember(draft.company!.contact, record)
      placeOfLine.set(draft.line, record)
      continue
    }
    const record = add('person', draft)
    placeOfLine.set(draft.line, record)
    tie(record, draft)
  }
  const tied = updated.filter(
    ({ draft }) => draft.person && (draft.company || draft.companyReference),
  )
  const ties = await findTies(
    vault,
    tx,
    tied.map((step) => targetOf(parts, step)),
  )
  for (const step of tied) {
    const { draft } = step
    const id = targetOf(parts, step)
    const person = fresh.find((one) => one.id === id) ?? { ...STORED, id }
    const known = tie(person, draft, ties.get(id))
    if (!known) continue
    const again = changed.find((one) => one.tie.id === known.id)
    const was = again?.after ?? known.content ?? {}
    const after = workAfter(was, draft.person!.work, 'id' in step)
    if (!after) continue
    if (again) again.after = after
    else changed.push({ person, tie: known, after })
  }
  const slots = fresh.length > 0 ? await vault.drawKeySlots(tx, fresh.length) : []
  fresh.forEach((record, i) => {
    record.keySlot = slots[i]!
  })
  return { fresh, added, changed }
}

const STORED: Omit<Place, 'id'> = { kind: 'person', keySlot: 0, isNew: false }

/** The key of a person who is there is known when the record was read. */
export function giveSlots(ties: { person: Place }[], changes: Map<RecordKind, Change[]>): void {
  const slotOf = new Map(
    changes.get('person')?.map(({ place }) => [place.id, place.key_slot] as const),
  )
  for (const { person } of ties) person.keySlot = slotOf.get(person.id) ?? person.keySlot
}

export function targetOf({ placeOfLine }: BatchParts, step: Step): string {
  if (step.outcome !== 'updated') throw new Error('only an update has a target')
  return 'id' in step ? step.id : placeOfLine.get(step.line)!.id
}
