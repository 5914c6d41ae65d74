import { expect, test } from 'vitest'
import { readTableAside } from './read-aside.ts'
import { readTable } from './read-table.ts'

const file = (rows: number) =>
  Buffer.from(
    `voornaam;achternaam;email\n${Array.from({ length: rows }, (_, i) => `An;Peeters ${i};an${i}@mail.example`).join('\n')}`,
  )

test('a large file gives the same table as a small one read in place', async () => {
  const bytes = file(20_000)
  expect(await readTableAside(bytes)).toEqual(await readTable(bytes))
})

test('while a large file is taken apart, everything else goes on', async () => {
  const bytes = Buffer.alloc(20 * 1024 * 1024, '\n')
  let longestMs = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last)
    last = performance.now()
  }, 5)
  const inPlaceFrom = performance.now()
  await readTableAside(bytes).catch(() => {})
  const took = performance.now() - inPlaceFrom
  clearInterval(timer)
  expect(longestMs).toBeLessThan(took / 2)
})

test('a refusal comes over with its reason', async () => {
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(200_000)])
  await expect(readTableAside(bytes)).rejects.toMatchObject({
    code: 'file-unreadable',
    detail: { why: 'pdf' },
  })
})

test('two large files at once are read one after the other, each whole', async () => {
  const [one, other] = await Promise.all([readTableAside(file(9_000)), readTableAside(file(8_000))])
  expect([one.rows.length, other.rows.length]).toEqual([9_000, 8_000])
})
