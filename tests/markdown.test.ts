import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, type Inline, readInline, readMarkdown } from '../web/parts/markdown.ts'
import { storedText, typedText } from '../web/record/mentions.ts'

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const text = (words: string): Inline => ({ kind: 'text', text: words })

function inlines(blocks: Block[]): Inline[] {
  return blocks.flatMap((block): Inline[] => {
    if (block.kind === 'paragraph') return block.lines.flat()
    if (block.kind === 'heading') return block.parts
    return block.items.flatMap((item) => [...item.parts, ...inlines(item.below)])
  })
}
function deep(parts: Inline[]): Inline[] {
  return parts.flatMap((part) => ('parts' in part ? [part, ...deep(part.parts)] : [part]))
}

test('bold, italic, links and mentions are read, within each other too', () => {
  expect(readInline(`Bel **An *Maes*** of [ons](https://a.be/x) voor <@${id}>`)).toEqual([
    text('Bel '),
    { kind: 'bold', parts: [text('An '), { kind: 'italic', parts: [text('Maes')] }] },
    text(' of '),
    { kind: 'link', href: 'https://a.be/x', parts: [text('ons')] },
    text(' voor '),
    { kind: 'mention', userId: id },
  ])
  expect(readInline('Zie https://a.be/b?c=1.')).toEqual([
    text('Zie '),
    { kind: 'link', href: 'https://a.be/b?c=1', parts: [text('https://a.be/b?c=1')] },
    text('.'),
  ])
})

test('lists, numbered from where they start, with lists below an item', () => {
  expect(readMarkdown('# Kop\nregel 1\nregel 2\n- een\n  - onder\n- twee\n3. drie')).toEqual([
    { kind: 'heading', level: 1, parts: [text('Kop')] },
    { kind: 'paragraph', lines: [[text('regel 1')], [text('regel 2')]] },
    {
      kind: 'list',
      isNumbered: false,
      start: 1,
      items: [
        {
          parts: [text('een')],
          below: [
            {
              kind: 'list',
              isNumbered: false,
              start: 1,
              items: [{ parts: [text('onder')], below: [] }],
            },
          ],
        },
        { parts: [text('twee')], below: [] },
      ],
    },
    { kind: 'list', isNumbered: true, start: 3, items: [{ parts: [text('drie')], below: [] }] },
  ])
})

test.each([
  '2*3*4 = 24 en 5 * 6',
  'snake_case_naam',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[klik](javascript:alert(1))',
  '[klik](JaVaScRiPt:alert%281%29)',
  '[klik](data:text/html;base64,PHNjcmlwdD4=)',
  '[klik](vbscript:x)',
  '[klik](//evil.example)',
  '[bank](https://bank.be@evil.example/)',
  'https://bank.be:x@evil.example',
  '**niet dicht',
])('%s stays text as it was typed', (typed) => {
  expect(readInline(typed)).toEqual([text(typed)])
})

test('whatever is typed, every address that comes of it is http, https, mailto or tel', () => {
  const piece = fc.constantFrom(
    ...['[', ']', '(', ')', '*', '**', '_', '\\', '<@', '>', '\n', '- ', '1. ', '# ', ' ', 'a', id],
    ...[
      'javascript:',
      'https://',
      'mailto:',
      'tel:',
      'x.be',
      '\u0000',
      '\t',
      '\u202e',
      '&#x6a;',
      '%0a',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      for (const part of deep(inlines(readMarkdown(pieces.join('')))))
        if (part.kind === 'link') expect(part.href).toMatch(/^(https?|mailto|tel):/)
    }),
    { numRuns: 2_000 },
  )
})

test('no text of the longest note takes long to read', () => {
  for (const piece of [
    '*a',
    '**a ',
    '_a',
    '[a',
    '[a](',
    '<@',
    '*a* ',
    '**a *b _c ',
    '- ',
    'https://',
  ])
    for (const typed of [piece.repeat(20_000 / piece.length)]) {
      const began = performance.now()
      readMarkdown(typed)
      expect(performance.now() - began, piece).toBeLessThan(400)
    }
})

const colleague = (name: string, userId: string, status = 'active') =>
  ({ id: userId, name, status, email: '', roleId: 'sales', teamIds: [], factors: null }) as never
const other = '3f2504e0-4f89-41d3-9a0c-0305e82c3302'

test('names become ids and ids names; the longest name wins, and an e-mail address is no mention', () => {
  const colleagues = [colleague('An', other), colleague('An Beheer', id)]
  const typed = 'Vraag @An Beheer, @An of an@Anvers.be'
  const stored = `Vraag <@${id}>, <@${other}> of an@Anvers.be`
  expect(storedText(typed, colleagues, [])).toBe(stored)
  expect(typedText(stored, colleagues)).toBe(typed)
})

test('of two with one name the chosen one is meant; who left is meant only where the note had them', () => {
  const colleagues = [colleague('Jan Peeters', other), colleague('Jan Peeters', id)]
  expect(storedText('@Jan Peeters', colleagues, [id])).toBe(`<@${id}>`)
  const left = [colleague('Els', id, 'disabled')]
  expect(storedText('@Els', left, [])).toBe('@Els')
  expect(storedText('@Els', left, [id])).toBe(`<@${id}>`)
})
