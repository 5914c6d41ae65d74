/**
 * Marks in the page what answers to a search, by ranges that the browser draws: not a letter or an element of the page
 * changes, so nothing is read out twice and nothing of what somebody typed becomes markup.
 */
import { partsIn } from './found-parts.ts'
import './highlight.css'

const marked = new Map<string, Range[]>()

/** Keeps up while rows come and go. */
export function highlight(selector: string, searched: string): () => void {
  const root = document.querySelector(selector)
  // Where a browser knows no such ranges the rows stand unmarked.
  if (!root || !('highlights' in CSS)) return () => {}
  let frame = 0
  const mark = () => {
    frame = 0
    draw(selector, rangesIn(root, searched))
  }
  const observer = new MutationObserver(() => {
    frame ||= requestAnimationFrame(mark)
  })
  observer.observe(root, { childList: true, subtree: true, characterData: true })
  mark()
  return () => {
    observer.disconnect()
    cancelAnimationFrame(frame)
    draw(selector, [])
  }
}

function draw(selector: string, ranges: Range[]): void {
  if (ranges.length === 0) marked.delete(selector)
  else marked.set(selector, ranges)
  const all = [...marked.values()].flat()
  if (all.length === 0) CSS.highlights.delete('found')
  else CSS.highlights.set('found', new Highlight(...all))
}

function rangesIn(root: Element, searched: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    // Heads, buttons and what stands in for a photo are no answers.
    node.parentElement?.closest('button, [role=columnheader], [aria-hidden], label, .k-filters')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  )
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const { from, to } of partsIn(node.nodeValue ?? '', searched)) {
      const range = new Range()
      range.setStart(node, from)
      range.setEnd(node, to)
      ranges.push(range)
    }
  return ranges
}
