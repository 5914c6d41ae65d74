/**
 * The imports this process is working on. A run works with the session it was started with: when that ends, or the
 * process does, the run stands still, and goes on when its owner says so.
 */
import type { Preview } from './contract.ts'

export interface Runnable {
  /** Rows done and to do, and how long the rest will take at this pace. */
  progress(): { done: number; total: number; secondsLeft: number | null }
  /** Stops behind the batch under way. */
  pause(): void
  toEnd(): Promise<Preview>
}

export class LiveRuns {
  readonly #runs = new Map<string, { run: Runnable; finished: Promise<unknown> }>()

  start(id: string, run: Runnable): Promise<Preview> {
    const finished = run.toEnd().finally(() => this.#runs.delete(id))
    // Whoever waits hears of it; when nobody does, the run's own state tells.
    finished.catch(() => {})
    this.#runs.set(id, { run, finished })
    return finished
  }

  has(id: string): boolean {
    return this.#runs.has(id)
  }

  progressOf(id: string): ReturnType<Runnable['progress']> | undefined {
    return this.#runs.get(id)?.run.progress()
  }

  /** How far each is now, by its id. */
  snapshot(): Map<string, ReturnType<Runnable['progress']>> {
    return new Map([...this.#runs].map(([id, { run }]) => [id, run.progress()]))
  }

  /** False when it does not run here. Waits until the batch under way is stored. */
  async pause(id: string): Promise<boolean> {
    const live = this.#runs.get(id)
    if (!live) return false
    live.run.pause()
    await live.finished.catch(() => {})
    return true
  }

  /** When the program stops: every run ends behind a whole batch. */
  async close(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((id) => this.pause(id)))
  }
}
