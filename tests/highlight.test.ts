import { expect, test } from 'vitest'
import { partsIn } from '../web/parts/found-parts.ts'

test.each([
  ['jan', 'Jan Janssens', ['Jan', 'Jan']],
  ['an', 'Jan Andries', ['An']],
  ['ozturk', 'Ali Öztürk', ['Öztürk']],
  ['Öz', 'Ali O\u0308ztu\u0308rk', ['O\u0308z']],
  ['vandenberg', 'Jan van den Berg', ['van den Berg']],
  ['berg jan', 'Jan van den Berg', ['Jan', 'Berg']],
  ['dhondt', "Lies D'Hondt", ["D'Hondt"]],
  ['korenaar bv', 'Bakkerij De Korenaar B.V.', ['Korenaar', 'B.V', 'Korenaar B.V']],
  ['0475 99', '+32 475 99 12 34', ['475 99']],
  ['99', '+32 475 99 12 34', []],
  ['nja', 'Jan Jansen', []],
  ['@korenaar', 'info@korenaar.example', ['korenaar']],
  ['<b>', 'Bo <b>', ['B', 'b']],
  ['', 'Jan', []],
])('%s marks in %s what answers to it', (searched, text, expected) => {
  const parts = partsIn(text, searched).sort((a, b) => a.from - b.from || a.to - b.to)
  expect(new Set(parts.map(({ from, to }) => text.slice(from, to)))).toEqual(new Set(expected))
  expect(parts.every(({ from, to }) => 0 <= from && from < to && to <= text.length)).toBe(true)
})
