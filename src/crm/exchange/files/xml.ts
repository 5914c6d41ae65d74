/**
 * XML of a stranger, as events. A document type is where entities are declared that grow without end or read files;
 * no office program writes one, so it is refused, and no entity but the five of XML itself exists.
 */
import { SaxesParser } from 'saxes'
import { Problem, refuse } from '#platform/problem.ts'

export type XmlHandlers = {
  /** `name` without its prefix: programs differ in which one they use. */
  open(name: string, attribute: (name: string) => string | undefined): void
  text(text: string): void
  close(name: string): void
}

// Deeper than any workbook; a parser's stack is memory too.
const DEPTH_MAX = 100
// The parser holds a text or a tag until its end; none of a workbook comes near.
const UNENDING_CHARACTERS_MAX = 4 * 1024 * 1024

export async function readXml(
  pieces: AsyncIterable<string> | Iterable<string>,
  handlers: XmlHandlers,
): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: false })
  let depth = 0
  let sinceLast = 0
  parser.on('doctype', () => refuse('file-unreadable', { why: 'document-type' }))
  parser.on('error', (cause) => {
    throw new Problem('file-unreadable', { why: 'broken-xml' }, { cause })
  })
  parser.on('opentag', ({ name, attributes }) => {
    sinceLast = 0
    if (++depth > DEPTH_MAX) refuse('file-unreadable', { why: 'broken-xml' })
    handlers.open(local(name), (wanted) => attributes[wanted])
  })
  parser.on('text', (text) => handlers.text(text))
  parser.on('cdata', (text) => handlers.text(text))
  parser.on('closetag', ({ name }) => {
    sinceLast = 0
    depth--
    handlers.close(local(name))
  })
  for await (const piece of pieces) {
    sinceLast += piece.length
    if (sinceLast > UNENDING_CHARACTERS_MAX) refuse('file-unreadable', { why: 'broken-xml' })
    parser.write(piece)
  }
  parser.close()
}

function local(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}
