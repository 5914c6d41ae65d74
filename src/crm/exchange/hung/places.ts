/** Notes, tasks and the photo of a row, and the record they hang on. */
import type { BatchParts, Change } from '../batch.ts'
import type { Place, Step } from '../decide.ts'
import type { Draft } from '../draft.ts'
import type { RecordKind } from '../duplicates.ts'
import * as store from '../store.ts'

export type Hung = { draft: Draft; place: Place }

/** Where the record of each step is, for what hangs on it. */
export function placesOf(
  parts: BatchParts,
  steps: Step[],
  changes: Map<RecordKind, Change[]>,
): Hung[] {
  const slotOf = new Map(
    [...changes.values()].flat().map(({ place }) => [place.id, place.key_slot]),
  )
  return steps.flatMap((step) => {
    const { draft } = step
    if (!draft.note && !draft.task && !draft.photo) return []
    const kind: RecordKind = draft.person ? 'person' : 'company'
    const line = 'line' in step ? step.line : draft.line
    const place =
      'id' in step
        ? { kind, id: step.id, keySlot: slotOf.get(step.id)!, isNew: false }
        : parts.placeOfLine.get(line)!
    return [{ draft, place }]
  })
}

/** Rows that only hang something on a customer; one whose customer went meanwhile is lost. */
export async function placeAttached(
  { tx }: BatchParts,
  updated: Step[],
): Promise<{ placed: Hung[]; gone: Step[] }> {
  const placed: Hung[] = []
  const gone: Step[] = []
  const steps = updated.filter((step) => step.draft.attach && 'id' in step)
  for (const kind of ['person', 'company'] as const) {
    const own = steps.filter((step) => 'kind' in step && step.kind === kind)
    if (own.length === 0) continue
    const ids = own.map((step) => ('id' in step ? step.id : ''))
    const places = new Map(
      (await store.listPlaces(tx, kind, ids)).map((place) => [place.id, place.key_slot]),
    )
    own.forEach((step, i) => {
      const keySlot = places.get(ids[i]!)
      if (keySlot === undefined) gone.push(step)
      else placed.push({ draft: step.draft, place: { kind, id: ids[i]!, keySlot, isNew: false } })
    })
  }
  return { placed, gone }
}
