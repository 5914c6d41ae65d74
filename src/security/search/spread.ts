/** How evenly the values of a text field are spread over all records: asked before one gets a blind index. */
import type { Spread } from '#security/vault/spread.ts'
import type { KindIndex } from './kind-index.ts'
import { fold } from './words.ts'

export function spreadOf(index: KindIndex, field: string): Spread {
  const column = index.texts.get(field)
  const held = new Map<string, number>()
  let records = 0
  for (let row = 0; column && row < index.ids.length; row++) {
    const [value] = index.status[row] === 0 ? [] : column.values(row)
    if (value === undefined) continue
    records++
    const key = fold(value)
    held.set(key, (held.get(key) ?? 0) + 1)
  }
  let most = 0
  for (const count of held.values()) most = Math.max(most, count)
  return { records, different: held.size, most }
}
