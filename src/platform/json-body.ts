import { parse } from 'secure-json-parse'
import { Problem } from './problem.ts'

// The deepest that is asked is a filter: groups within groups within groups, and their values.
const DEPTH_MAX = 32

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A body that says it is JSON. A key that would become the prototype of an object is refused, wherever it stands, and so
 * is nesting that nothing here means: what walks through it later would run out of stack.
 */
export function readJson(body: Uint8Array): unknown {
  // A client that says JSON and sends nothing means nothing.
  if (body.length === 0) return undefined
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw new Problem('bad-request', { why: 'not UTF-8' })
  }
  if (depthOf(text) > DEPTH_MAX) throw new Problem('bad-request', { why: 'nested too deeply' })
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch {
    throw new Problem('bad-request', { why: 'not JSON' })
  }
}

/** How deep it goes at most; once past every letter, whatever the text is. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (isInText) {
      if (letter === '\\') at++
      else if (letter === '"') isInText = false
    } else if (letter === '"') isInText = true
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, ++depth)
    else if (letter === '}' || letter === ']') depth--
  }
  return deepest
}
