/**
 * The index against a list that is simply looked through. Both read the same `words.ts` and `term.ts`
 * (tested on their own); everything about lists, orders, pages and visibility is written twice.
 */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest } from './closest.ts'
import { find, type Position } from './find.ts'
import type { IndexDocument, IndexQuery } from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import { matchText } from './match.ts'
import { newRelations } from './relations.ts'
import { countVisible, fewSeen, visibility } from './scope.ts'
import { parseTerms, RANK, rankWord, type Term } from './term.ts'
import { editsApart, fragmentWords, nameWords, sortKey } from './words.ts'

type Kind = IndexQuery['kind']
const worldOf = (index: KindIndex, kind: Kind = 'person') => {
  const other = new KindIndex(kind, 'nl')
  const kinds =
    kind === 'person' ? { person: index, company: other } : { person: other, company: index }
  return { kinds, ...newRelations() }
}

const GIVEN = ['Jan', 'Anne-Marie', 'Öz', 'Bas', 'Jana', "D'Arcy"]
const FAMILY = ['van den Berg', 'Vandenberg', 'Berg', 'Bergen', "'t Hooft", 'Jansen', 'Janssen']
const FORMS = ['Jansen B.V.', 'Berg & Co. KG', 'Janssen NV', 'BV', 'Jana S.A.']
const FRAGMENTS = ['+31612345678', 'jan@berg.nl', 'Gent', 'K-2024-12', '+32498765432', 'Berg BV']
const TEXTS = [
  ...FAMILY,
  ...GIVEN,
  'ja',
  'van',
  'erg',
  'brg',
  'jansne',
  '1234',
  '0612',
  'n@b',
  'bv',
  'j',
]
const TEXTS_TWO = ['jan berg', 'berg van', 'jan 1234', 'an jans', 'vandenberg anne', 'zz jan']
const TEXTS_FORM = ['jansen bv', 'janssen n.v.', 'berg b', 'bv nv', 'jan sa', 'berg +31 612']
const IDS = Array.from({ length: 24 }, (_, number) => `id-${String(number).padStart(2, '0')}`)
const owner = fc.constantFrom('ann', 'bob', null)
const team = fc.constantFrom('north', 'south', null)

const document: fc.Arbitrary<IndexDocument> = fc
  .record({
    id: fc.constantFrom(...IDS),
    rowVersion: fc.integer({ min: 1, max: 6 }),
    given: fc.constantFrom(...GIVEN),
    family: fc.constantFrom(...FAMILY, ...FORMS),
    fragments: fc.subarray(FRAGMENTS),
    tag: fc.subarray(['vip', 'new']),
    ownerId: owner,
    teamId: team,
    isDeleted: fc.boolean(),
    createdAt: fc.integer({ min: 0, max: 5 }),
    updatedAt: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ given, family, tag, ...rest }) => ({
    ...rest,
    kind: 'person',
    names: [given, family],
    sortName: { given, family },
    filters: { tag },
  }))

const query: fc.Arbitrary<IndexQuery> = fc.record({
  kind: fc.constant('person' as const),
  text: fc.option(fc.constantFrom(...TEXTS, ...TEXTS_TWO, ...TEXTS_FORM), {
    nil: undefined,
  }),
  filters: fc.constantFrom<Record<string, string | string[]>>(
    {},
    { tag: 'vip' },
    { tag: ['vip', 'new'], ownerId: 'ann' },
  ),
  sort: fc.option(
    fc.record({
      by: fc.constantFrom(
        'relevance' as const,
        'name' as const,
        'createdAt' as const,
        'updatedAt' as const,
      ),
      descending: fc.boolean(),
    }),
    { nil: undefined },
  ),
  scope: fc.record({
    everything: fc.boolean(),
    userId: fc.constantFrom('ann', 'bob'),
    teamIds: fc.subarray(['north', 'south']),
    shared: fc.subarray(IDS),
  }),
  recent: fc.subarray(IDS),
  limit: fc.integer({ min: 1, max: 7 }),
  deleted: fc.boolean(),
})

type Step = { put: IndexDocument } | { remove: string } | { ask: IndexQuery }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: document.map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.constantFrom(...IDS).map((remove) => ({ remove })) },
  { weight: 4, arbitrary: query.map((ask) => ({ ask })) },
)

const anyKind = fc.constantFrom<Kind[]>('person', 'company')

function rankOf(one: IndexDocument, text: string): number {
  const names = one.names.map((name) => nameWords(one.kind, name))
  const own = new Set(names.flatMap(({ words, forms }) => [...words, ...forms]))
  const fragments = new Set(one.fragments.flatMap(fragmentWords))
  const joined = names.flatMap((name) => name.joined)
  const rank = (term: Term): number =>
    Math.min(
      ...[...own].map((word) => rankWord(word, term)),
      ...[...fragments]
        .filter((word) => !own.has(word) && !joined.includes(word))
        .map((word) => rankWord(word, term)),
      ...joined.filter((word) => !own.has(word)).map((word) => rankWord(word, term) || RANK.joined),
    )
  const ranks = parseTerms(text, one.kind).map((group) => {
    const apart = Math.max(...group.terms.map(rank))
    const best = group.joined ? Math.min(apart, Math.max(RANK.joined, rank(group.joined))) : apart
    return group.isOptional && best === RANK.none ? RANK.substring : best
  })
  return Math.max(0, ...ranks)
}

function lookThrough(all: Map<string, IndexDocument>, asked: IndexQuery): string[] {
  const by = asked.sort?.by ?? (asked.text ? 'relevance' : 'name')
  const sign = by !== 'relevance' && asked.sort?.descending ? -1 : 1
  const key = (one: IndexDocument) => sortKey(asked.kind, 'nl', one.sortName)
  const isNear = (one: IndexDocument) =>
    one.ownerId === asked.scope.userId || asked.recent?.includes(one.id) === true
  const fits = (one: IndexDocument) =>
    one.isDeleted === asked.deleted &&
    (asked.scope.everything ||
      one.ownerId === asked.scope.userId ||
      asked.scope.teamIds.includes(one.teamId ?? '') ||
      asked.scope.shared?.includes(one.id) === true) &&
    Object.entries(asked.filters ?? {}).every(([field, given]) => {
      const held = field === 'ownerId' ? [one.ownerId] : one.filters[field]!
      return [given].flat().some((value) => held.includes(value))
    })
  const rows = [...all.values()].filter(fits).map((one) => ({
    one,
    rank: asked.text ? rankOf(one, asked.text) : 0,
  }))
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)
  return rows
    .filter(({ rank }) => rank < RANK.none)
    .sort((a, b) => {
      const first =
        by === 'createdAt' || by === 'updatedAt'
          ? compare(a.one[by], b.one[by])
          : compare(key(a.one), key(b.one))
      const near = Number(isNear(b.one)) - Number(isNear(a.one))
      const byRank = by === 'relevance' && asked.text ? a.rank - b.rank || near : 0
      return byRank || sign * (first || compare(a.one.id, b.one.id))
    })
    .map(({ one }) => one.id)
}

function walkPages(index: KindIndex, asked: IndexQuery): { ids: string[]; totals: Set<number> } {
  const ids: string[] = []
  const totals = new Set<number>()
  let after: Position | undefined
  do {
    const page = find(worldOf(index, asked.kind), asked, after)
    ids.push(...page.ids)
    totals.add(page.total)
    after = page.next
  } while (after && ids.length < 10_000)
  return { ids, totals }
}

test('after any updates and removals, every page of every question is what looking through gives', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), anyKind, (made, kind) => {
      const index = new KindIndex(kind, 'nl')
      const steps = made.map((one): Step => {
        if ('put' in one) return { put: { ...one.put, kind } }
        return 'ask' in one ? { ask: { ...one.ask, kind } } : one
      })
      const all = new Map<string, IndexDocument>()
      for (const one of steps) {
        if ('put' in one) {
          index.put(one.put)
          if ((all.get(one.put.id)?.rowVersion ?? 0) <= one.put.rowVersion)
            all.set(one.put.id, one.put)
        } else if ('remove' in one) {
          index.remove(one.remove)
          all.delete(one.remove)
        } else {
          const { ids, totals } = walkPages(index, one.ask)
          const expected = lookThrough(all, one.ask)
          expect(ids).toEqual(expected)
          expect([...totals]).toEqual([expected.length])
        }
      }
      for (const id of IDS) index.remove(id)
      expect([index.words.size, index.heads.size, index.values.size]).toEqual([0, 0, 0])
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('who is called nearly so is told only where nobody is called so, only of whom one sees, and none nearer is left out', () => {
  const documents = fc.uniqueArray(document, { selector: ({ id }) => id, maxLength: 24 })
  const asked = fc.constantFrom('Vondenborg', 'Jinsson', 'Bargan', 'Jan', 'Hoeft', 'Bergen Jansan')
  fc.assert(
    fc.property(documents, query, asked, (made, question, text) => {
      const index = new KindIndex('person', 'nl')
      for (const one of made) index.put(one)
      const { text: _, ...rest } = question
      const page = find(worldOf(index), { ...rest, text, limit: 1 })
      expect(page.closest === undefined).toBe(page.total > 0)
      if (page.total > 0) return
      const seen = new Set(walkPages(index, rest).ids)
      for (const id of page.closest!) expect(seen).toContain(id)
      if (text.includes(' ') || text.length < 4) return
      const least = (one: IndexDocument) =>
        Math.min(
          ...one.names
            .flatMap((name) => nameWords('person', name))
            .flatMap(({ words, joined }) => [...words, ...joined])
            .filter((word) => word[0] === text[0]!.toLowerCase())
            .map((word) => editsApart(word, text.toLowerCase(), text.length >= 8 ? 3 : 2) ?? 9),
        )
      const near = made.filter((one) => seen.has(one.id) && least(one) < 9)
      expect(page.closest).toHaveLength(Math.min(3, near.length))
      const worst = Math.max(
        0,
        ...page.closest!.map((id) => least(made.find((one) => one.id === id)!)),
      )
      for (const one of near)
        if (!page.closest!.includes(one.id)) expect(least(one)).toBeGreaterThanOrEqual(worst)
    }),
    { numRuns: 300 },
  )
}, 60_000)

test('looking through the few one sees gives what looking for words in the whole office gives', () => {
  const documents = fc.uniqueArray(document, { selector: ({ id }) => id, minLength: 8 })
  const text = fc.constantFrom(...TEXTS, ...TEXTS_TWO, ...TEXTS_FORM, 'Bargan', 'Bergen Jansan')
  fc.assert(
    fc.property(documents, anyKind, text, fc.subarray(IDS), (made, kind, asked, seen) => {
      const index = new KindIndex(kind, 'nl')
      for (const one of made) index.put({ ...one, kind })
      const rows = Int32Array.from(seen.flatMap((id) => index.rowOf.get(id) ?? []))
      const fits = (row: number) => rows.includes(row)
      const groups = () => parseTerms(asked, kind)
      const found = (few?: Int32Array) => {
        const ranks: [row: number, rank: number][] = []
        matchText(index, groups(), few).visit(fits, (row, rank) => ranks.push([row, rank]))
        return ranks.sort(([a], [b]) => a - b)
      }
      expect(found(rows)).toEqual(found())
      expect(closest(index, groups(), fits, rows)).toEqual(closest(index, groups(), fits))
    }),
    { numRuns: 500 },
  )
}, 60_000)

test('who sees few is told all of those, and nobody is who sees more', () => {
  const others = Array.from({ length: 200 }, (_, number) => `other-${number}`)
  // Few owners, so that many stand in one list and leave it from its middle.
  const own = fc.array(
    fc.tuple(document, fc.constantFrom('ann', null)).map(([one, ownerId]) => ({ ...one, ownerId })),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(own, fc.subarray(IDS), own, query, document, (first, gone, later, asked, like) => {
      const index = new KindIndex('person', 'nl')
      for (const id of others) index.put({ ...like, id, ownerId: null, teamId: 'west' })
      for (const one of first) index.put({ ...one, teamId: 'north' })
      for (const id of gone) index.remove(id)
      for (const one of later) index.put({ ...one, teamId: 'north' })
      const status = asked.deleted ? 2 : 1
      const isSeen = visibility(index, asked.scope, status)
      const seen = [...index.ids.keys()].filter(isSeen)
      const few = fewSeen(index, asked.scope, status)
      if (seen.length > index.ids.length / 20) expect(few).toBeUndefined()
      else expect([...few!].sort((a, b) => a - b)).toEqual(seen)
      expect(countVisible(index, asked.scope, status)).toBe(seen.length)
    }),
    { numRuns: 300 },
  )
}, 60_000)

test('a cursor whose record was removed goes on with the one after it', () => {
  const index = new KindIndex('person', 'nl')
  const [first, second, third] = fc.sample(document, { numRuns: 3, seed: 1 })
  const named = [first!, second!, third!].map((one, number) => {
    const family = ['Aa', 'Bb', 'Cc'][number]!
    return { ...one, id: family, names: [family], sortName: { family }, isDeleted: false }
  })
  for (const one of named) index.put(one)
  const scope = { everything: true, userId: '', teamIds: [] }
  for (const descending of [false, true]) {
    const asked = { kind: 'person', scope, limit: 2, sort: { by: 'name', descending } } as const
    const page = find(worldOf(index), asked)
    index.remove('Bb')
    expect(find(worldOf(index), asked, page.next).ids).toEqual([descending ? 'Aa' : 'Cc'])
    index.put(named[1]!)
  }
})

test('SQLite finds the same people by prefix and by fragment', () => {
  const index = new KindIndex('person', 'nl')
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec('pragma temp_store = memory')
  // Otherwise SQLite writes what it sorts to files under /var/tmp.
  expect(sqlite.prepare('pragma temp_store').get()).toEqual({ temp_store: 2 })
  sqlite.exec(`create virtual table whole using fts5(id unindexed, words, tokenize = 'unicode61');
    create virtual table parts using fts5(id unindexed, words, tokenize = 'trigram')`)
  const syllables = ['ka', 'lo', 'min', 'ster', 'da', 'vel', 'ro', 'bos', 'hu', 'zen']
  const word = fc.array(fc.constantFrom(...syllables), { minLength: 2, maxLength: 4 })
  const names = fc.sample(fc.tuple(word, word), { numRuns: 2000, seed: 7 })
  const insert = (table: string) => sqlite.prepare(`insert into ${table} values (?, ?)`)
  const [whole, parts] = [insert('whole'), insert('parts')]
  names.forEach(([given, family], number) => {
    const id = `p${number}`
    const text = `${given.join('')} ${family.join('')}`
    const sortName = { given: given.join(''), family: family.join('') }
    index.put({
      ...fc.sample(document, 1)[0]!,
      id,
      names: [text],
      sortName,
      isDeleted: false,
      fragments: [],
    })
    whole.run(id, text)
    parts.run(id, text)
  })
  for (const text of ['ka', 'kalo', 'minst', 'robo', 'velze', 'sterda', 'loro', 'huve']) {
    const scope = { everything: true, userId: '', teamIds: [] }
    const { ids } = walkPages(index, { kind: 'person', text, scope, limit: 500 })
    const theirs = (table: string, match: string) =>
      sqlite
        .prepare(`select id from ${table} where words match ?`)
        .all(match)
        .map((row) => String(row.id))
    const byPrefix = theirs('whole', `${text}*`)
    expect(byPrefix.length, text).toBeGreaterThan(0)
    expect(ids.slice(0, byPrefix.length).sort(), text).toEqual(byPrefix.sort())
    if (text.length < 3) continue
    const byFragment = theirs('parts', `"${text}"`)
    expect(ids.slice(0, byFragment.length).sort(), text).toEqual(byFragment.sort())
  }
  sqlite.close()
})
