import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { FRAME_BYTES, frameCount, type SealedFiles } from '#security/vault/file-vault.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { barePhoto } from '../bare-photo.ts'
import type { HangsOn } from '../contract.ts'
import { hangsOnOf } from '../hangs-on.ts'
import { recordJointLook } from '../joint-names.ts'
import { PHOTO_BYTES_MAX } from '../photos.ts'
import { requireGoingOn } from '../store.ts'
import {
  FILE_BYTES_MAX,
  type FileEdit,
  type FileLine,
  type FilePage,
  type NewFile,
  type Upload,
} from './contract.ts'
import { type Content, line, openContents, type Shown } from './file-line.ts'
import { cleanFileName, cleanFileType } from './file-name.ts'
import { requireRule } from './retention.ts'
import * as store from './store.ts'

export type FileParts = { vault: Vault; files: SealedFiles }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who; now: Date }

export async function listFiles(
  { vault }: FileParts,
  { tx }: Asking,
  subject: HangsOn,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<FilePage> {
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const [slot, rows] = await Promise.all([
    store.findKeySlot(tx, subject),
    store.listFiles(tx, subject, before, limit + 1),
    recordJointLook(vault, tx, subject),
  ])
  if (slot === undefined) refuse('not-found')
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const ids = page.map((row) => row.id)
  const contents = ids.length > 0 ? await openContents(vault, tx, ids, 'dossier') : new Map()
  return {
    items: page.map((row) => line(row, contents.get(row.id))),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
  }
}

function target(
  id: string,
  place: { subjectId: string; keySlot: number },
  sealCounter: number,
): SealTarget {
  return { table: 'file', sealedClass: 'content', rowId: id, ...place, sealCounter }
}

function nameOrRefuse(given: string): string {
  return (
    cleanFileName(given) ??
    refuse('invalid-fields', { fields: [{ field: 'fileName', problem: 'empty' }] })
  )
}

/** Begins an upload: the name and the file's own key are sealed before the first byte of it comes. */
export async function beginUpload(
  { vault, files }: FileParts,
  { tx, who }: Asking,
  subject: HangsOn,
  given: NewFile,
  writeAtOnce: WriteAtOnce,
): Promise<Upload> {
  const keySlot = (await store.findKeySlot(tx, subject)) ?? refuse('not-found')
  await requireGoingOn(tx, subject)
  const isPhoto = given.isPhoto === true
  if (isPhoto && subject.kind !== 'person')
    refuse('invalid-fields', { fields: [{ field: 'isPhoto', problem: 'no-person' }] })
  const max = isPhoto ? PHOTO_BYTES_MAX : FILE_BYTES_MAX
  if (given.size > max) refuse('too-large', { why: 'file', size: given.size, max })
  const id = randomUUID()
  const { retention } = given
  if (retention && isPhoto)
    refuse('invalid-fields', { fields: [{ field: 'retention', problem: 'photo' }] })
  if (retention) await requireRule(tx, retention)
  // What a law has kept is its own subject, so that erasing the customer leaves it.
  const place = retention
    ? { subjectId: id, keySlot: (await vault.drawKeySlots(tx, 1))[0]! }
    : { subjectId: subject.id, keySlot }
  const content: Content = {
    name: nameOrRefuse(given.name),
    type: cleanFileType(given.type),
    size: given.size,
  }
  const [[contentSealed], keySealed] = await Promise.all([
    vault.seal([{ target: target(id, place, 1), value: content }]),
    files.newKey({ fileId: id, ...place }),
  ])
  await writeAtOnce((write) =>
    Promise.all([
      store.removeLeft(write, who.userId),
      store.insertFile(write, subject, {
        id,
        content_sealed: contentSealed!,
        key_sealed: keySealed,
        frame_count: frameCount(given.size),
        photo_of: isPhoto ? subject.id : null,
        ...(retention && {
          key_slot: place.keySlot,
          retention_rule: retention.rule,
          retained_from: retention.from,
        }),
      }),
    ]),
  )
  return uploadOf(id, given.size, [])
}

const pieceCount = (size: number) => Math.max(1, Math.ceil(size / FRAME_BYTES))

function uploadOf(id: string, size: number, frames: number[]): Upload {
  const pieces = pieceCount(size)
  return { id, pieceBytes: FRAME_BYTES, pieces, received: frames.filter((one) => one < pieces) }
}

/** The caller's own upload, as long as it is under way. */
async function findUpload(
  { vault }: FileParts,
  { tx, who }: Asking,
  id: string,
): Promise<{ row: store.FileRow; size: number }> {
  const [row, contents] = await Promise.all([
    store.findFile(tx, id),
    openContents(vault, tx, [id], 'none'),
  ])
  if (!row || row.completed_at || row.deleted_at || row.created_by !== who.userId)
    refuse('not-found')
  return { row, size: openedOrRefuse(contents.get(id)).size }
}

export async function showUpload(parts: FileParts, asking: Asking, id: string): Promise<Upload> {
  const [{ size }, frames] = await Promise.all([
    findUpload(parts, asking, id),
    store.listFrameNumbers(asking.tx, id),
  ])
  return uploadOf(id, size, frames)
}

export async function takePiece(
  parts: FileParts,
  asking: Asking,
  { id, number }: { id: string; number: number },
  body: unknown,
  writeAtOnce: WriteAtOnce,
): Promise<Upload> {
  const { size } = await findUpload(parts, asking, id)
  // Without a single byte there is no body to parse.
  const piece = body === undefined || body === null ? Buffer.alloc(0) : body
  const expected = Math.min(FRAME_BYTES, size - number * FRAME_BYTES)
  if (!Buffer.isBuffer(piece) || number >= pieceCount(size) || piece.length !== expected)
    refuse('bad-request', { why: 'piece', number, expected: Math.max(0, expected) })
  const frames = await parts.files.sealPiece(asking.tx, { id, size }, number, piece)
  await writeAtOnce((write) => store.insertFrames(write, id, frames))
  return uploadOf(id, size, [number])
}

export async function completeUpload(
  parts: FileParts,
  asking: Asking,
  id: string,
  writeAtOnce: WriteAtOnce,
): Promise<FileLine> {
  const [{ row, size }, frames] = await Promise.all([
    findUpload(parts, asking, id),
    store.listFrameNumbers(asking.tx, id),
  ])
  if (frames.length !== row.frame_count)
    refuse('upload-incomplete', { received: uploadOf(id, size, frames).received })
  const photo = row.photo_of ? await photoIn(parts, asking, row, size) : undefined
  const after =
    photo && !photo.bare.equals(photo.sent)
      ? await keepBare(parts, asking, row, photo.bare, writeAtOnce)
      : await writeAtOnce(async (write) => {
          const [line] = await Promise.all([
            store.changeFile(write, id, row.row_version, { completed_at: asking.now }),
            throwAwayOthers(write, asking, row, id),
          ])
          return line
        })
  if (!after) refuse('not-found')
  return showLine(parts, asking, after)
}

function throwAwayOthers(write: Tx, { now, who }: Asking, row: store.FileRow, id: string) {
  const by = { deleted_at: now, deleted_by: who.userId }
  return row.photo_of ? store.throwAwayPhotos(write, row.photo_of, id, by) : undefined
}

/** Nothing but what a browser shows as a picture becomes a photo, and of that only the picture. */
async function photoIn(
  { files }: FileParts,
  { tx }: Asking,
  row: store.FileRow,
  size: number,
): Promise<{ sent: Buffer; bare: Buffer }> {
  const pieces: Buffer[] = []
  // Whole, since the last of a few pieces is padding: what is not complete is no photo either.
  for await (const piece of files.read(tx, { id: row.id, size, frameCount: row.frame_count }))
    pieces.push(Buffer.from(piece))
  const sent = Buffer.concat(pieces)
  const bare = barePhoto(sent) ?? refuse('file-unreadable', { why: 'no-photo' })
  return { sent, bare }
}

/** In the place of what was sent, with the rest that was written in it: frames are never changed, so it is another file. */
async function keepBare(
  { vault, files }: FileParts,
  asking: Asking,
  row: store.FileRow,
  photo: Buffer,
  writeAtOnce: WriteAtOnce,
): Promise<store.FileRow | undefined> {
  const id = randomUUID()
  const personId = row.photo_of!
  const place = { subjectId: personId, keySlot: row.key_slot }
  const sent = openedOrRefuse((await openContents(vault, asking.tx, [row.id], 'none')).get(row.id))
  const value: Content = { ...sent, size: photo.length }
  const [[content], { key, frames }] = await Promise.all([
    vault.seal([{ target: target(id, place, 1), value }]),
    files.sealWhole({ fileId: id, ...place }, photo),
  ])
  const made = {
    id,
    content_sealed: content!,
    key_sealed: key,
    frame_count: frames.length,
    photo_of: personId,
  }
  await writeAtOnce((write) =>
    Promise.all([
      store.insertFile(write, { kind: 'person', id: personId }, made),
      store.insertFrames(write, id, frames),
      store.changeFile(write, id, 1, { completed_at: asking.now }),
      throwAwayOthers(write, asking, row, id),
      store.deleteFile(write, row.id, asking.who.userId),
    ]),
  )
  return store.findFile(asking.tx, id)
}

async function showLine({ vault }: FileParts, { tx }: Asking, row: Shown): Promise<FileLine> {
  return line(row, (await openContents(vault, tx, [row.id], 'none')).get(row.id))
}

export type Download = { name: string; size: number; pieces: AsyncGenerator<Buffer> }

/** The download is written down before the first byte of it is read; that byte is read before anything is promised. */
export async function openFile(parts: FileParts, { tx }: Asking, id: string): Promise<Download> {
  const row = await store.findFile(tx, id)
  if (!row?.completed_at || row.deleted_at) refuse('not-found')
  const contents = await openContents(parts.vault, tx, [id], 'none')
  const { name, size } = openedOrRefuse(contents.get(id))
  // Row security gives no frame of it either.
  if (row.set_apart_at && !(await store.isPurposeSaid(tx, id))) refuse('reason-needed')
  await parts.vault.recordDownload(tx, hangsOnOf(row))
  const pieces = parts.files.read(tx, { id, size, frameCount: row.frame_count })
  const first = await pieces.next()
  return { name, size, pieces: behind(first, pieces) }
}

/** For showing it in the dossier: recorded as that, since whoever sees the dossier sees it. Of other files, nothing. */
export async function openPhoto(parts: FileParts, { tx }: Asking, id: string): Promise<Download> {
  const row = await store.findFile(tx, id)
  if (!row?.photo_of || !row.completed_at || row.deleted_at) refuse('not-found')
  const contents = await openContents(parts.vault, tx, [id], 'dossier')
  const { name, size } = openedOrRefuse(contents.get(id))
  const pieces = parts.files.read(tx, { id, size, frameCount: row.frame_count })
  const first = await pieces.next()
  return { name, size, pieces: behind(first, pieces) }
}

async function* behind(
  first: IteratorResult<Buffer>,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  if (first.done) return
  yield first.value
  yield* rest
}

export async function renameFile(
  parts: FileParts,
  asking: Asking,
  id: string,
  { rowVersion, name }: FileEdit,
  writeAtOnce: WriteAtOnce,
): Promise<FileLine> {
  const row = await store.findFile(asking.tx, id)
  if (!row?.completed_at || row.deleted_at) refuse('not-found')
  if (row.row_version !== rowVersion)
    refuse('changed-meanwhile', { current: await showLine(parts, asking, row) })
  const before = openedOrRefuse((await openContents(parts.vault, asking.tx, [id], 'none')).get(id))
  const sealCounter = row.content_seal_counter + 1
  const subjectId = row.own_slot === null ? hangsOnOf(row).id : id
  const place = { subjectId, keySlot: row.key_slot }
  const value: Content = { ...before, name: nameOrRefuse(name) }
  const [sealed] = await parts.vault.seal([{ target: target(id, place, sealCounter), value }])
  const after = await writeAtOnce((write) =>
    store.changeFile(write, id, rowVersion, {
      content_sealed: sealed!,
      content_seal_counter: sealCounter,
    }),
  )
  return line(after ?? refuse('not-found'), { kind: 'open', value })
}

export async function moveFile(
  { tx, who, now }: Asking,
  id: string,
  to: 'trash' | 'dossier',
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const row = await store.findFile(tx, id)
  if (!row?.completed_at || (row.deleted_at === null) !== (to === 'trash')) refuse('not-found')
  const patch =
    to === 'trash'
      ? { deleted_at: now, deleted_by: who.userId }
      : { deleted_at: null, deleted_by: null }
  if (!(await writeAtOnce((write) => store.changeFile(write, row.id, row.row_version, patch))))
    refuse('not-found')
  return { id: row.id }
}
