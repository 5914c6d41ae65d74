import { expect, test } from 'vitest'
import {
  codesAbove,
  divisions,
  findSectors,
  readSector,
  sectorName,
  sectorOf,
  writeSector,
} from './sectors.ts'

const everything = findSectors('', 'nl', 2_000)

test('the table holds all of NACE Rev. 2.1, each under a section and what it belongs to', () => {
  const all = '0123456789'.split('').flatMap((digit) => findSectors(digit, 'nl', 2_000))
  const ofDepth = (digits: number) => all.filter(({ code }) => code.length === digits)
  expect([2, 3, 4].map((digits) => ofDepth(digits).length)).toEqual([87, 287, 651])
  const codes = new Set(all.map(({ code }) => code))
  for (const { code, section, nl, en } of all) {
    expect(codes.has(code.slice(0, -1)) || code.length === 2).toBe(true)
    expect(sectorOf(code.slice(0, 2))!.section).toBe(section)
    expect([nl, en].every((name) => name.length > 2)).toBe(true)
  }
  // The letters of the sections as Delegated Regulation (EU) 2023/137 gives them.
  expect([...new Set(divisions.map(({ section }) => section))].join('')).toBe(
    'ABCDEFGHIJKLMNOPQRSTUV',
  )
  const sections = Object.groupBy(all, ({ section }) => section)
  expect(
    Object.entries(sections).map(([letter, some]) => `${letter}${some![0]!.code.slice(0, 2)}`),
  ).toEqual(
    'A01 B05 C10 D35 E36 F41 G46 H49 I55 J58 K61 L64 M68 N69 O77 P84 Q85 R86 S90 T94 U97 V99'.split(
      ' ',
    ),
  )
  expect(everything).toHaveLength(87)
})

test.each([
  ['62.10', '6210'],
  ['6210', '6210'],
  ['62100', '62100'],
  ['J62', '62'],
  ['K62', '62'],
  ['62.100', '62100'],
  ['K 62.10', '6210'],
  ['62.20001', '6220001'],
  ['62.10 - Programmeren', '6210'],
  ['62.01', '6201'],
  ['Programmeren en computerconsultancy', '62'],
  ['ontwerpen van computerprogramma’s', '621'],
  ['Rental and leasing of cars and light motor vehicles', '7711'],
  ['45', undefined],
  ['20131001', undefined],
  ['6', undefined],
  ['iets anders', undefined],
  ['', undefined],
])('%j is read as %j', (typed, code) => {
  expect(readSector(typed)).toBe(code)
})

test('a longer code keeps its digits and goes by its class; an older one by what is left of it', () => {
  expect(sectorName('6210')!.nl).toBe('62.10 Ontwerpen van computerprogramma’s')
  expect(sectorName('62100')!.en).toBe('62.100 Computer programming activities')
  expect(sectorName('6220001')!.nl).toMatch(/^62\.20001 Activiteiten op het gebied van/)
  expect(sectorName('62010')!.nl).toBe('62.010 Programmeren en computerconsultancy')
  expect(sectorName('62')!.nl).toBe('62 Programmeren en computerconsultancy')
  expect([sectorName(''), sectorName('bakker')]).toEqual([null, null])
  expect(codesAbove('62100')).toEqual(['62', '621', '6210', '62100'])
  expect(writeSector('621')).toBe('62.1')
})

test('sectors are found by code, by section and by the beginnings of words in the language of whoever asks', () => {
  const codes = (text: string, language: 'nl' | 'en' = 'nl') =>
    findSectors(text, language, 20).map(({ code }) => code)
  expect(codes('62.1')).toEqual(['621', '6210'])
  expect(codes('6210999')).toEqual(['6210'])
  expect(codes('k')).toEqual(['61', '62', '63'])
  expect(codes('computerprog ontwerp')).toEqual(['621', '6210'])
  expect(codes('programmer')).toContain('62')
  expect(codes('dairy', 'en')).toContain('105')
  expect(codes('dairy', 'nl')).toEqual([])
  // By its official name too, though it is shown by ours.
  expect(codes('computerprogrammering')).toContain('62')
})
