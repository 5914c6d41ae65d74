import { SingleBar } from 'cli-progress'

let bar: SingleBar | undefined

/** On a terminal only: a log file needs no bar. */
export function showProgress({ done, total }: { done: number; total: number }): void {
  if (!bar) {
    bar = new SingleBar({
      stream: process.stderr,
      format: '{bar} {value} / {total} · {eta_formatted}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
    })
    bar.start(total, 0)
  }
  bar.setTotal(total)
  bar.update(done)
  if (done >= total) endProgress()
}

/** A verb that fails half-way must not leave its bar drawing. */
export function endProgress(): void {
  bar?.stop()
  bar = undefined
}
