/**
 * Marks in the page what answers to a search, by ranges that the browser draws: not a letter or an element of the page
 * changes, so nothing is read out twice and nothing of what somebody typed becomes markup.
 */
import './highlight.css'

type Part = { from: number; to: number }

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

const DIGITS_MIN = 4
const INSIDE_MIN = 3

/** Which parts of a text hold one of the words that were searched for, as the search looks: see src/security/search. */
export function partsIn(text: string, searched: string): Part[] {
  const { letters, places, starts } = compact(text)
  const parts: Part[] = []
  for (const word of wordsOf(searched)) {
    const isNumber = /^\d+$/.test(word)
    if (isNumber && word.length < DIGITS_MIN) continue
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      const isInOneWord = !starts.slice(at + 1, at + word.length).includes(true)
      const isInside = word.length >= INSIDE_MIN && (isInOneWord || isNumber)
      if (starts[at] || isInside)
        parts.push({ from: places[at]!, to: places[at + word.length - 1]! + 1 })
    }
  }
  return parts
}

/** Letters and digits alone, folded, each with its place in the text and whether a word begins there. */
function compact(text: string): { letters: string; places: number[]; starts: boolean[] } {
  let letters = ''
  const places: number[] = []
  const starts: boolean[] = []
  let isBegun = false
  for (let at = 0; at < text.length; at++) {
    const folded = fold(text[at]!)
    // An accent of its own, or an apostrophe inside a name, parts nothing.
    if (folded === '' && /[\p{M}'’]/u.test(text[at]!)) continue
    if (folded === '') isBegun = false
    for (const letter of folded) {
      letters += letter
      places.push(at)
      starts.push(!isBegun)
      isBegun = true
    }
  }
  return { letters, places, starts }
}

function wordsOf(searched: string): string[] {
  const digits = searched.replace(/\D/g, '').replace(/^0+/, '')
  if (/^[+\d(][\d\s().\-/]*$/.test(searched.trim())) return digits === '' ? [] : [digits]
  const words = searched.split(/[\s,;]+/).map((word) => compact(word).letters)
  return [...words, compact(searched).letters].filter(Boolean)
}

function fold(letter: string): string {
  return letter
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace('ø', 'o')
    .replace('ł', 'l')
    .replace('ß', 'ss')
}
