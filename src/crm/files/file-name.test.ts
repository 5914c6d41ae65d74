import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attachmentNamed, cleanFileName, cleanFileType } from './file-name.ts'

test.each([
  ['offerte 2026.pdf', 'offerte 2026.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\an\\contract.docx', 'contract.docx'],
  ['factuur\u202efdp.exe', 'factuurfdp.exe'],
  ['a\r\nb\u0000.txt', 'ab.txt'],
  ['.htaccess', 'htaccess'],
  ['naam. . ', 'naam'],
  ['vraag?<wat>.txt', 'vraag__wat_.txt'],
  ['nul.txt', '_nul.txt'],
  ['re\u0301sume\u0301.pdf', 'résumé.pdf'],
  ['a\u200b\u0301.pdf', 'á.pdf'],
  ['<\u200b\u0338.pdf', '\u226e.pdf'],
  ['合同.pdf', '合同.pdf'],
])('%j is kept as %j', (given, kept) => {
  expect(cleanFileName(given)).toBe(kept)
})

test.each(['', '   ', '..', '\u202e', 'map/', '\u0000'])('nothing is left of %j', (given) => {
  expect(cleanFileName(given)).toBeUndefined()
})

test('a long name keeps its extension', () => {
  const name = cleanFileName(`${'x'.repeat(400)}.pdf`)!
  expect(name).toHaveLength(200)
  expect(name.endsWith('x.pdf')).toBe(true)
})

test('whatever a name holds, the header has one line, plain ASCII and no quote of the name', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCodePoint(code)),
        maxLength: 120,
      }),
      (given) => {
        const name = cleanFileName(given)
        if (!name) return
        expect(cleanFileName(name)).toBe(name)
        expect(attachmentNamed(name)).toMatch(
          /^attachment; filename="[A-Za-z0-9._ -]*"; filename\*=UTF-8''[A-Za-z0-9%._~-]*$/,
        )
      },
    ),
  )
})

test('a type that is none becomes bytes', () => {
  expect(cleanFileType('Image/PNG')).toBe('image/png')
  for (const given of [undefined, '', 'text/html; charset=utf-8', 'x', '<b>/x'])
    expect(cleanFileType(given)).toBe('application/octet-stream')
})
