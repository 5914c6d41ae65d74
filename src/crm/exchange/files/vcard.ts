/**
 * vCards as programs write them: 3.0 (RFC 2426) and 4.0 (RFC 6350), and leniently 2.1, which phones still export,
 * with quoted-printable and values over several lines. Reads properties only; what they mean is vcard-table.ts's.
 */
export type Property = {
  name: string
  /** Lower case, what `TYPE=` and the bare words of 2.1 say. */
  types: string[]
  params: Map<string, string>
  /** Of a structured value its parts, each a list. */
  parts: string[][]
  /** The value as one text. */
  text: string
}
export type Card = { line: number; original: string; properties: Property[] }

/** All cards of a file. What stands between them is not looked at. */
export function parseCards(text: string): Card[] {
  const lines = text.split(/\r\n|\r|\n/)
  const cards: Card[] = []
  let begin = -1
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.trim().toUpperCase()
    // A card inside a card (AGENT, in 2.1) is somebody else: the inner one counts alone.
    if (line === 'BEGIN:VCARD') begin = at
    if (line !== 'END:VCARD' || begin < 0) continue
    const own = lines.slice(begin + 1, at)
    cards.push({
      line: begin + 1,
      original: lines.slice(begin, at + 1).join('\r\n'),
      properties: unfold(own).flatMap((one) => parseProperty(one) ?? []),
    })
    begin = -1
  }
  return cards
}

/** A line that begins with a space goes on; so does, in quoted-printable, the one after a line ending in `=`. */
function unfold(lines: string[]): string[] {
  const whole: string[] = []
  let isQuoted = false
  let isBinary = false
  for (const line of lines) {
    const last = whole.length - 1
    if (last >= 0 && isQuoted && whole[last]!.endsWith('=')) {
      whole[last] = whole[last]!.slice(0, -1) + line
    } else if (last >= 0 && /^[ \t]/.test(line)) whole[last] += line.slice(1)
    // Base64 in 2.1 goes on until an empty line, without any mark.
    else if (last >= 0 && isBinary && /^[A-Za-z0-9+/=]+$/.test(line)) whole[last] += line
    else if (line.trim() !== '') {
      whole.push(line)
      const name = line.slice(0, line.indexOf(':')).toUpperCase()
      isQuoted = name.includes('QUOTED-PRINTABLE')
      isBinary = /;(ENCODING=)?(BASE64|B)\b/.test(name)
    }
  }
  return whole
}

function parseProperty(line: string): Property | undefined {
  const colon = findOutsideQuotes(line, ':')
  if (colon < 1) return undefined
  const [head = '', ...rest] = splitOutsideQuotes(line.slice(0, colon), ';')
  const params = new Map<string, string>()
  const types: string[] = []
  for (const one of rest) {
    const equals = one.indexOf('=')
    const name = equals < 0 ? 'TYPE' : one.slice(0, equals).trim().toUpperCase()
    const value = (equals < 0 ? one : one.slice(equals + 1)).replaceAll('"', '').trim()
    if (name === 'TYPE') types.push(...value.toLowerCase().split(','))
    else params.set(name, value)
  }
  // A bare word of 2.1 may name the encoding.
  const isQuoted = /quoted-printable/i.test(params.get('ENCODING') ?? types.join(' '))
  const raw = line.slice(colon + 1)
  const value = isQuoted ? decodeQuoted(raw, params.get('CHARSET')) : raw
  // The group before the point (`item1.EMAIL`) only ties a label to it.
  const name = head.slice(head.lastIndexOf('.') + 1).toUpperCase()
  // Long, and never in parts.
  const isPicture = /^(PHOTO|LOGO|SOUND)$/.test(name)
  return {
    name,
    types,
    params,
    parts: isPicture
      ? []
      : splitEscaped(value, ';').map((part) => splitEscaped(part, ',').map(withoutEscapes)),
    text: withoutEscapes(value),
  }
}

function decodeQuoted(text: string, charset = 'utf-8'): string {
  const bytes: number[] = []
  for (const piece of text.match(/=[0-9A-Fa-f]{2}|[\s\S]/g) ?? [])
    if (piece.length === 3) bytes.push(Number.parseInt(piece.slice(1), 16))
    else bytes.push(...Buffer.from(piece))
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes))
  } catch {
    return new TextDecoder().decode(Uint8Array.from(bytes))
  }
}

function findOutsideQuotes(text: string, sign: string): number {
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted
    else if (text[at] === sign && !isQuoted) return at
  }
  return -1
}

function splitOutsideQuotes(text: string, sign: string): string[] {
  const at = findOutsideQuotes(text, sign)
  return at < 0 ? [text] : [text.slice(0, at), ...splitOutsideQuotes(text.slice(at + 1), sign)]
}

function splitEscaped(text: string, sign: string): string[] {
  const parts: string[] = ['']
  for (let at = 0; at < text.length; at++) {
    if (text[at] === sign) parts.push('')
    else parts.push(parts.pop()! + (text[at] === '\\' ? text.slice(at, ++at + 1) : text[at]))
  }
  return parts
}

function withoutEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign)).trim()
}
