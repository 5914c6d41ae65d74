/**
 * Reads the few marks that notes have into a tree: headings, lists, bold, italic, links and mentions of colleagues. There
 * is no HTML in it and none comes of it: what is no mark is text, and an address that is not allowed stays text.
 */
import { safeAddress } from './safe-address.ts'

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic'; parts: Inline[] }
  | { kind: 'link'; href: string; parts: Inline[] }
  | { kind: 'mention'; userId: string }
export type Item = { parts: Inline[]; below: List[] }
export type List = { kind: 'list'; isNumbered: boolean; start: number; items: Item[] }
export type Block =
  | List
  | { kind: 'heading'; level: 1 | 2 | 3; parts: Inline[] }
  | { kind: 'paragraph'; lines: Inline[][] }

const HEADING = /^ {0,3}(#{1,3}) +(\S.*)$/
const ITEM = /^( *)(?:[-*•]|(\d{1,3})[.)]) +(\S.*)$/
const ITEM_DEPTH_MAX = 4
const MARK_DEPTH_MAX = 6

export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = []
  let open: { at: number; list: List }[] = []
  let paragraph: Inline[][] | undefined
  for (const line of text.replaceAll('\t', '  ').split(/\r?\n/)) {
    const heading = HEADING.exec(line)
    const item = heading ? null : ITEM.exec(line)
    if (item) {
      paragraph = undefined
      open = addItem(blocks, open, item)
      continue
    }
    open = []
    if (heading) {
      paragraph = undefined
      const level = heading[1]!.length as 1 | 2 | 3
      blocks.push({ kind: 'heading', level, parts: readInline(heading[2]!) })
    } else if (line.trim() === '') {
      paragraph = undefined
    } else if (paragraph) {
      paragraph.push(readInline(line))
    } else {
      paragraph = [readInline(line)]
      blocks.push({ kind: 'paragraph', lines: paragraph })
    }
  }
  return blocks
}

/** Puts a line of a list where its indent says; two spaces deeper is below the item before. */
function addItem(
  blocks: Block[],
  open: { at: number; list: List }[],
  [, indent, number, text]: RegExpExecArray,
): { at: number; list: List }[] {
  const at = indent!.length
  const item: Item = { parts: readInline(text!), below: [] }
  const kept = open.filter((one, i) => i === 0 || one.at <= at)
  const last = kept.at(-1)
  const isNumbered = number !== undefined
  if (last && at < last.at + 2 && last.list.isNumbered === isNumbered) {
    last.list.items.push(item)
    return kept
  }
  const list: List = { kind: 'list', isNumbered, start: Number(number ?? 1), items: [item] }
  const isBelow = last && at >= last.at + 2 && kept.length < ITEM_DEPTH_MAX
  if (isBelow) last.list.items.at(-1)!.below.push(list)
  else if (kept.length > 1) kept.at(-2)!.list.items.at(-1)!.below.push(list)
  else blocks.push(list)
  return [...(isBelow ? kept : kept.slice(0, -1)), { at, list }]
}

const ESCAPED = /\\([\\*_#[\]()<>@.+-])/y
const MENTION = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/y
const LINK = /\[([^[\]\n]{1,500})\]\(([^()\s<>]{1,2000})\)/y
const ADDRESS = /https?:\/\/[^\s<>"]{1,2000}/iy
const MARKS = ['**', '*', '_'] as const

export function readInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = []
  // Once no closing mark is found behind a place, none is found behind a later one either.
  const hopeless = new Set<string>()
  let plain = ''
  let at = 0
  const push = (part: Inline, length: number) => {
    if (plain) parts.push({ kind: 'text', text: plain })
    plain = ''
    parts.push(part)
    at += length
  }
  while (at < text.length) {
    const escaped = match(ESCAPED, text, at)
    const mention = match(MENTION, text, at)
    const link = depth < MARK_DEPTH_MAX ? readLink(text, at, depth) : undefined
    const marked = depth < MARK_DEPTH_MAX ? readMarked(text, at, depth, hopeless) : undefined
    if (escaped) {
      plain += escaped[1]!
      at += 2
    } else if (mention) push({ kind: 'mention', userId: mention[1]! }, mention[0].length)
    else if (link) push(link.part, link.length)
    else if (marked) push(marked.part, marked.length)
    else plain += text[at++]
  }
  if (plain) parts.push({ kind: 'text', text: plain })
  return parts
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

type Found = { part: Inline; length: number }

function readLink(text: string, at: number, depth: number): Found | undefined {
  if (text[at] === '[') {
    const found = match(LINK, text, at)
    const href = found && safeAddress(found[2]!)
    if (!found || !href) return undefined
    // No link within a link: the deepest level has none.
    const parts = readInline(found[1]!, Math.max(depth + 1, MARK_DEPTH_MAX))
    return { part: { kind: 'link', href, parts }, length: found[0].length }
  }
  if ((text[at] !== 'h' && text[at] !== 'H') || isWord(text[at - 1])) return undefined
  // A full stop or bracket behind an address belongs to the sentence.
  const found = match(ADDRESS, text, at)?.[0].replace(/[.,;:!?)\]}'*_]+$/, '')
  const href = found && safeAddress(found)
  if (!href) return undefined
  const parts: Inline[] = [{ kind: 'text', text: found }]
  return { part: { kind: 'link', href, parts }, length: found.length }
}

const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter)
const isSpace = (letter: string | undefined) => letter === undefined || /\s/.test(letter)

/** `2*3` and snake_case are no marks: one opens before a word and closes behind one. */
function readMarked(
  text: string,
  at: number,
  depth: number,
  hopeless: Set<string>,
): Found | undefined {
  const mark = MARKS.find((one) => text.startsWith(one, at))
  if (!mark || hopeless.has(mark) || isWord(text[at - 1])) return undefined
  const from = at + mark.length
  if (isSpace(text[from]) || text[from] === mark[0]) return undefined
  for (let end = text.indexOf(mark, from + 1); end !== -1; end = text.indexOf(mark, end + 1)) {
    const behind = text[end + mark.length]
    // Of `***` the bold mark is the outer one.
    const isOther = behind === '*' || (mark === '*' && text[end - 1] === '*')
    if (isSpace(text[end - 1]) || isWord(behind) || isOther) continue
    const parts = readInline(text.slice(from, end), depth + 1)
    const kind = mark === '**' ? 'bold' : 'italic'
    return { part: { kind, parts }, length: end + mark.length - at }
  }
  hopeless.add(mark)
  return undefined
}
