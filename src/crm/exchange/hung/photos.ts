/** Photos that come in with people: each a file of that person, whole and sealed before anything is written. */
import { randomUUID } from 'node:crypto'
import type { ReadTx } from '#platform/db.ts'
import type { Who } from '#security/access/who.ts'
import { photoTypeOf } from '../../photos.ts'
import { listPhotos } from '../../store.ts'
import type { BatchParts } from '../batch.ts'
import type { Step } from '../decide.ts'
import type { Draft } from '../draft.ts'
import { under } from '../sealer.ts'
import type { Hung } from './places.ts'
import type { SealedPhoto } from './store.ts'

/** Who has a photo: an import never replaces one, whoever brought it. */
export class PhotoMemory {
  /** By record, or by line of the file for one that the file made. */
  readonly #has = new Set<string>()

  /** Takes from these rows the photos that stay out, and says why. */
  async leaveOut(tx: ReadTx, who: Who, steps: readonly Step[]): Promise<void> {
    const bringing = steps.filter(
      ({ draft, outcome }) => draft.photo && (outcome === 'created' || outcome === 'updated'),
    )
    if (bringing.length === 0) return
    const mayFile = who.permissions.has('files:see') && who.permissions.has('files:edit')
    const ids = bringing.flatMap((step) => ('id' in step ? step.id : []))
    for (const { person_id } of await listPhotos(tx, [...new Set(ids)])) this.#has.add(person_id)
    for (const step of bringing) {
      const { draft } = step
      const key = 'id' in step ? step.id : lineKey('line' in step ? step.line : draft.line)
      if (!mayFile) leaveOut(draft, 'photo-not-allowed')
      else if (this.#has.has(key)) leaveOut(draft, 'photo-there')
      else this.#has.add(key)
    }
  }

  /** A row of before the run stood still. */
  recall(line: number, { photo }: Draft): void {
    if (photo) this.#has.add(lineKey(line))
  }
}

const lineKey = (line: number) => `line ${line}`

function leaveOut(draft: Draft, problem: 'photo-not-allowed' | 'photo-there'): void {
  delete draft.photo
  draft.problems.push({ problem, field: '', value: '' })
}

export async function sealPhotos(
  { vault, files, who }: BatchParts,
  hung: readonly Hung[],
): Promise<SealedPhoto[]> {
  const made: SealedPhoto[] = []
  for (const { draft, place } of hung) {
    if (!draft.photo || place.kind !== 'person') continue
    const id = randomUUID()
    const { type, extension } = photoTypeOf(draft.photo)!
    const name = `${who.language === 'nl' ? 'foto' : 'photo'}.${extension}`
    const value = { name, type, size: draft.photo.length }
    const [[content], { key, frames }] = await Promise.all([
      vault.seal([{ target: under('file', id, place), value }]),
      files.sealWhole(
        { fileId: id, subjectId: place.id, keySlot: place.keySlot },
        Buffer.from(draft.photo),
      ),
    ])
    made.push({ id, personId: place.id, content: content!, key, frames })
  }
  return made
}
