import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Sealed, SealedFrame } from '#database/sealed.ts'
import { prepare, type ReadTx } from '#platform/db.ts'
import { Problem } from '#platform/problem.ts'
import {
  type FileTarget,
  FRAME_BYTES,
  frameCount,
  openFrame,
  paddedFrameBytes,
  sealFrame,
} from './sealed-file.ts'
import { openedOrRefuse, type Vault } from './vault.ts'

export { FRAME_BYTES, frameCount } from './sealed-file.ts'

type Place = { fileId: string; subjectId: string; keySlot: number }

/** Files: a random key each, sealed under the subject's; the content in frames, never whole in memory. */
export interface SealedFiles {
  newKey(place: Place): Promise<Sealed>
  /** The key it has, sealed for another subject; its frames stay. */
  sealKeyAnew(tx: ReadTx, place: Place, sealCounter: number): Promise<Sealed>
  /** A file that is there whole, with a new key; for what is small enough to be held in memory. */
  sealWhole(
    place: Place,
    content: Buffer,
  ): Promise<{ key: Sealed; frames: { number: number; sealed: SealedFrame }[] }>
  /**
   * The frames that this piece of the content becomes: one, and behind the last piece as many more as the padding
   * needs. Asks for the file's key under the caller's session.
   */
  sealPiece(
    tx: ReadTx,
    file: { id: string; size: number },
    number: number,
    piece: Buffer,
  ): Promise<{ number: number; sealed: SealedFrame }[]>
  /** The content, frame by frame. Refuses `record-damaged` at the first frame that is not the file's own. */
  read(
    tx: ReadTx,
    file: { id: string; size: number; frameCount: number },
    purpose?: 'dossier' | 'export',
  ): AsyncGenerator<Buffer>
}

const readFrame = prepare<{ sealed: Buffer }, { id: string; number: number }>(
  ({ id, number }) => sql<{ sealed: Buffer }>`
    select sealed from kluis.file_frame where file_id = ${id}::uuid and number = ${number}::int`,
)

export function openFiles(vault: Vault): SealedFiles {
  const keyBytesOf = async (
    tx: ReadTx,
    id: string,
    purpose: 'dossier' | 'export',
  ): Promise<Buffer> => {
    const ask = { table: 'file', sealedClass: 'secret', ids: [id] } as const
    const opened = await vault.open<{ key: string }>(tx, {
      ...ask,
      purpose,
      record: 'none',
    })
    return Buffer.from(openedOrRefuse(opened.get(id)).key, 'base64')
  }
  const keyOf = async (...of: Parameters<typeof keyBytesOf>): Promise<KeyObject> =>
    createSecretKey(await keyBytesOf(...of))
  const targetOf = (fileId: string): FileTarget => ({
    organisationId: vault.organisationId,
    fileId,
  })

  const sealKey = async (
    { fileId, subjectId, keySlot }: Place,
    key: Buffer,
    sealCounter = 1,
  ): Promise<Sealed> => {
    const target = {
      table: 'file',
      sealedClass: 'secret',
      rowId: fileId,
      subjectId,
      keySlot,
      sealCounter,
    } as const
    return (await vault.seal([{ target, value: { key: key.toString('base64') } }]))[0]!
  }
  const framesOf = (
    key: KeyObject,
    { id, size }: { id: string; size: number },
    number: number,
    piece: Buffer,
  ) => {
    const count = frameCount(size)
    const isEnd = (number + 1) * FRAME_BYTES >= size
    return Array.from({ length: isEnd ? count - number : 1 }, (_, i) => {
      const plain = Buffer.alloc(paddedFrameBytes(size, number + i))
      if (i === 0) piece.copy(plain)
      const at = { number: number + i, isLast: number + i === count - 1 }
      return { number: at.number, sealed: sealFrame(key, targetOf(id), at, plain) }
    })
  }

  return {
    newKey(place) {
      return sealKey(place, randomBytes(32))
    },

    async sealKeyAnew(tx, place, sealCounter) {
      return sealKey(place, await keyBytesOf(tx, place.fileId, 'dossier'), sealCounter)
    },

    async sealWhole(place, content) {
      const bytes = randomBytes(32)
      const key = createSecretKey(bytes)
      const file = { id: place.fileId, size: content.length }
      const pieces = Array.from(
        { length: Math.max(1, Math.ceil(content.length / FRAME_BYTES)) },
        (_, number) =>
          framesOf(
            key,
            file,
            number,
            content.subarray(number * FRAME_BYTES, (number + 1) * FRAME_BYTES),
          ),
      )
      return { key: await sealKey(place, bytes), frames: pieces.flat() }
    },

    async sealPiece(tx, file, number, piece) {
      return framesOf(await keyOf(tx, file.id, 'dossier'), file, number, piece)
    },

    async *read(tx, { id, size, frameCount: count }, purpose = 'dossier') {
      if (count !== frameCount(size)) throw new Problem('record-damaged')
      const key = await keyOf(tx, id, purpose)
      let left = size
      // One piece behind, so that the last byte leaves only when every frame was seen, the padding's too.
      let ready: Buffer | undefined
      for (let number = 0; number < count; number++) {
        const [row] = await tx.ask(readFrame, { id, number })
        const at = { number, isLast: number === count - 1 }
        const plain = row && openFrame(key, targetOf(id), at, row.sealed)
        if (plain?.length !== paddedFrameBytes(size, number)) throw new Problem('record-damaged')
        const piece = plain.subarray(0, left)
        left -= piece.length
        if (piece.length === 0) continue
        if (ready) yield ready
        ready = piece
      }
      if (ready) yield ready
    },
  }
}
