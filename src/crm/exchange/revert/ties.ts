/** What an import did to the ties of people who were there, taken back. */
import type { Sealed } from '#database/sealed.ts'
import type { Tx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Past } from '../batch.ts'
import type { Asking } from '../exchange.ts'
import * as hanging from '../hung/store.ts'
import { findTies, type KnownTie, type TieContent } from '../hung/ties.ts'
import { under } from '../sealer.ts'
import type { PlaceRow } from '../store.ts'
import { deleteTies } from './store.ts'

type Person = { place: PlaceRow; pasts: Past[] }
/** Before the first of the pasts, and after the last. */
type Net = { isAdded: boolean; before: TieContent | null; left: TieContent | null }
type Restored = { personId: string; tie: KnownTie; content: Sealed }

export class TiesBack {
  readonly #gone: KnownTie[]
  readonly #restored: Restored[]
  private constructor(gone: KnownTie[], restored: Restored[]) {
    this.#gone = gone
    this.#restored = restored
  }

  /** Looks and seals. A tie that somebody changed since stays, unless `isAll`. */
  static async prepare(
    vault: Vault,
    tx: Asking['tx'],
    people: Person[],
    isAll: boolean,
  ): Promise<TiesBack> {
    const changed = people.filter(({ pasts }) => pasts.some(({ ties }) => ties))
    const ties = await findTies(
      vault,
      tx,
      changed.map(({ place }) => place.id),
    )
    const todo = changed.flatMap(({ place, pasts }) => {
      const nets = netOf(pasts)
      return (ties.get(place.id) ?? []).flatMap((tie) => {
        const net = nets.get(tie.id)
        const isLeft = JSON.stringify(net?.left) === JSON.stringify(tie.content)
        return net && (isAll || isLeft) ? [{ place, tie, net }] : []
      })
    })
    const restored = todo.filter(({ net }) => !net.isAdded)
    const sealed = await vault.seal(
      restored.map(({ place, tie, net }) => ({
        target: {
          ...under('affiliation', tie.id, {
            kind: 'person',
            id: place.id,
            keySlot: place.key_slot,
            isNew: false,
          }),
          sealCounter: tie.content_seal_counter + 1,
        },
        value: net.before ?? { jobTitle: '' },
      })),
    )
    return new TiesBack(
      todo.filter(({ net }) => net.isAdded).map(({ tie }) => tie),
      restored.map(({ place, tie }, i) => ({ personId: place.id, tie, content: sealed[i]! })),
    )
  }

  /** Of these people, whose own values went back in the same transaction. */
  async write(tx: Tx, personIds: ReadonlySet<string>): Promise<void> {
    const gone = this.#gone.filter(({ person_id }) => personIds.has(person_id))
    const restored = this.#restored.filter(({ personId }) => personIds.has(personId))
    await Promise.all([
      deleteTies(
        tx,
        gone.map(({ id }) => id),
      ),
      hanging.updateTies(
        tx,
        restored.map(({ tie, content }) => ({ ...tie, content })),
      ),
    ])
  }
}

function netOf(pasts: Past[]): Map<string, Net> {
  const nets = new Map<string, Net>()
  for (const { ties } of pasts) {
    for (const { id, after } of ties?.added ?? [])
      nets.set(id, { isAdded: true, before: null, left: after })
    for (const { id, before, after } of ties?.changed ?? [])
      nets.set(id, { isAdded: false, before, ...nets.get(id), left: after })
  }
  return nets
}
