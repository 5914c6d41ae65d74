/** Shows in a part of the page what answers to a search, once the script for it is there. Gives what ends it. */
export function highlightIn(selector: string, searched: string): (() => void) | undefined {
  if (searched === '') return undefined
  let stop: (() => void) | undefined
  let isOver = false
  // Without it the list is as it was: nothing to tell.
  void import('./highlight.ts').then(
    ({ highlight }) => {
      if (!isOver) stop = highlight(selector, searched)
    },
    () => {},
  )
  return () => {
    isOver = true
    stop?.()
  }
}
