import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { Contact } from './contract.ts'
import { contactTarget, lookupsOf, type PeopleParts, searchDocument } from './people.ts'
import * as store from './store.ts'

export type PersonDraft = Partial<Contact> & { ibans: string[] }

const keyOf = (lookup: { kind: string; token: Buffer }) =>
  `${lookup.kind} ${lookup.token.toString('base64')}`

export function keysOf({ vault }: PeopleParts, draft: PersonDraft): string[] {
  return lookupsOf(vault, Contact.parse(draft), draft.ibans).map(keyOf)
}

export async function knownKeys(tx: ReadTx, keys: string[]): Promise<Set<string>> {
  const tokens = keys.map((key) => Buffer.from(key.split(' ')[1]!, 'base64'))
  return new Set((await store.listMatches(tx, tokens)).map(keyOf))
}

/** Seals a batch before anything is written; `insert` is then one statement a table. */
export async function preparePeople(
  { vault, index }: PeopleParts,
  { tx, who }: { tx: ReadTx; who: Who },
  drafts: PersonDraft[],
  importId: string,
) {
  const teamId = who.teamIds[0] ?? refuse('not-allowed')
  const slots = await vault.drawKeySlots(tx, drafts.length)
  const made = drafts.map((draft, i) => ({
    id: randomUUID(),
    key_slot: slots[i]!,
    contact: Contact.parse(draft),
    ibans: draft.ibans,
  }))
  const contacts = await vault.seal(
    made.map((one) => ({ target: contactTarget(one, 1), value: one.contact })),
  )
  const confidentials = await Promise.all(
    made.map(async (one) =>
      one.ibans.length
        ? (
            await vault.seal([
              { target: contactTarget(one, 1, 'confidential'), value: { ibans: one.ibans } },
            ])
          )[0]!
        : null,
    ),
  )
  const rows = made.map((one, i) => ({
    id: one.id,
    key_slot: one.key_slot,
    owner_id: who.userId,
    team_id: teamId,
    stage: 'lead' as const,
    contact_sealed: contacts[i]!,
    confidential_sealed: confidentials[i]!,
    confidential_seal_counter: one.ibans.length ? 1 : 0,
    import_id: importId,
  }))
  const lookups = made.flatMap((one) =>
    lookupsOf(vault, one.contact, one.ibans).map((lookup) => ({ ...lookup, person_id: one.id })),
  )
  return {
    places: made.map(({ id, key_slot }) => ({ id, key_slot })),
    insert: (write: Tx) => store.insertPeople(write, rows, lookups),
    async afterwards() {
      const byId = new Map<string, Contact>(made.map((one) => [one.id, one.contact]))
      for (const row of await store.listPeople(tx, [...byId.keys()]))
        index.put(searchDocument(row, byId.get(row.id)!))
    },
  }
}
