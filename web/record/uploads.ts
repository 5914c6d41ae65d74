import { useSyncExternalStore } from 'react'
import { ask, askWithBytes, Refusal } from '../api/client.ts'
import type { DossierKind, FileLine, Retention, Upload } from '../api/shapes.ts'

/** One file on its way, also while another screen is shown. */
export type Sending = {
  key: string
  recordId: string
  name: string
  /** From 0 to 1. */
  done: number
  failed: unknown
}
type Work = Sending & {
  kind: DossierKind
  file: File
  /** The law that has it kept. */
  retention: Retention | undefined
  /** Once the server knows of it: a second try sends only what is missing. */
  upload: Upload | undefined
  stop: AbortController
  arrived: (file: FileLine) => void
}

const TRIES = 3
const WAIT_MS = 800

let all: readonly Work[] = []
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
function keep(next: readonly Work[]): void {
  all = next
  for (const listener of listeners) listener()
}
function change(key: string, what: Partial<Work>): void {
  keep(all.map((one) => (one.key === key ? { ...one, ...what } : one)))
}
const find = (key: string) => all.find((one) => one.key === key)

export function useUploads(recordId: string): Sending[] {
  return useSyncExternalStore(subscribe, () => all).filter((one) => one.recordId === recordId)
}

export function startUpload(
  kind: DossierKind,
  recordId: string,
  file: File,
  name: string,
  arrived: (file: FileLine) => void,
  retention?: Retention,
): void {
  const key = crypto.randomUUID()
  const stop = new AbortController()
  const begun = { done: 0, failed: undefined, upload: undefined, stop, arrived }
  keep([...all, { key, kind, recordId, file, name, retention, ...begun }])
  void run(key)
}

export function retryUpload(key: string): void {
  change(key, { failed: undefined, stop: new AbortController() })
  void run(key)
}

/** Lets go of it, here and on the server. */
export function dropUpload(key: string): void {
  const work = find(key)
  if (!work) return
  work.stop.abort()
  keep(all.filter((one) => one.key !== key))
  if (work.upload)
    void ask('DELETE', `/api/files/${work.upload.id}/for-good`).catch(() => undefined)
}

async function run(key: string): Promise<void> {
  try {
    const work = find(key)!
    const upload = work.upload
      ? await ask<Upload>('GET', `/api/files/${work.upload.id}/upload`)
      : await ask<Upload>('POST', `/api/${work.kind}/${work.recordId}/files`, {
          body: {
            ...{ name: work.name, type: work.file.type, size: work.file.size },
            ...(work.retention && { retention: work.retention }),
          },
        })
    change(key, { upload })
    const received = new Set(upload.received)
    for (let number = 0; number < upload.pieces; number++) {
      if (!received.has(number)) await sendPiece(work, upload, number)
      received.add(number)
      if (!find(key)) return
      change(key, { done: received.size / (upload.pieces + 1) })
    }
    const file = await ask<FileLine>('POST', `/api/files/${upload.id}/complete`)
    keep(all.filter((one) => one.key !== key))
    work.arrived(file)
  } catch (error) {
    change(key, { failed: error })
  }
}

async function sendPiece({ file, stop }: Work, upload: Upload, number: number): Promise<void> {
  const from = number * upload.pieceBytes
  const piece = file.slice(from, from + upload.pieceBytes, 'application/octet-stream')
  for (let tried = 1; ; tried++) {
    try {
      await askWithBytes(`/api/files/${upload.id}/pieces/${number}`, piece, stop.signal)
      return
    } catch (error) {
      const isLost = error instanceof Refusal && error.code === 'no-connection'
      if (!isLost || tried >= TRIES || stop.signal.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * tried))
    }
  }
}
