/** How far exports are, for whoever began them; and the way to stop one. */
import type { Readable } from 'node:stream'
import type { ExportProgress } from '../contract.ts'

type Watched = { progress: ExportProgress; stream?: Readable }
// Far more than go on at once; how the oldest ended nobody asks any more.
const KEPT_MAX = 200

export class LiveExports {
  readonly #watched = new Map<string, Watched>()

  /**
   * Begins one under an id that the caller chose; another caller's same id is another export. Without an id nobody can
   * ask how far it is.
   */
  async watch<T extends { stream: Readable; total: number }>(
    userId: string,
    id: string | undefined,
    begin: (onRows: (rows: number) => void) => Promise<T>,
  ): Promise<T> {
    const progress: ExportProgress = { state: 'running', done: 0, total: 0 }
    const watched: Watched = { progress }
    if (id) this.#keep(`${userId} ${id}`, watched)
    try {
      const begun = await begin((rows) => {
        progress.done += rows
      })
      progress.total = begun.total
      watched.stream = begun.stream
      const end = (state: 'done' | 'broken-off') => () => {
        if (progress.state === 'running') progress.state = state
      }
      begun.stream.once('end', end('done')).once('close', end('broken-off'))
      return begun
    } catch (error) {
      progress.state = 'broken-off'
      throw error
    }
  }

  find(userId: string, id: string): ExportProgress | undefined {
    return this.#watched.get(`${userId} ${id}`)?.progress
  }

  /** What was sent already is in the hands of whoever asked; the rest does not leave. */
  stop(userId: string, id: string): ExportProgress | undefined {
    const watched = this.#watched.get(`${userId} ${id}`)
    if (watched?.progress.state === 'running') {
      watched.progress.state = 'stopped'
      watched.stream?.destroy()
    }
    return watched?.progress
  }

  #keep(key: string, watched: Watched): void {
    if (this.#watched.size >= KEPT_MAX) {
      const ended = [...this.#watched].find(([, { progress }]) => progress.state !== 'running')
      if (ended) this.#watched.delete(ended[0])
    }
    this.#watched.set(key, watched)
  }
}
