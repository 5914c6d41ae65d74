import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { find } from './find.ts'
import { isWithinOne } from './folding.ts'
import type { AlphabetOrder, IndexDocument, IndexQuery } from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import { newRelations } from './relations.ts'
import { facets, similar } from './similar.ts'
import { editsApart, fold, isOneEditApart, phoneDigits, sortKey } from './words.ts'

const worldOf = (person: KindIndex) => ({
  kinds: { person, company: new KindIndex('company', 'nl') },
  ...newRelations(),
})

const everyone = { everything: true, userId: '', teamIds: [] }

function indexOf(
  people: [given: string, family: string, ...fragments: string[]][],
  order: AlphabetOrder = 'nl',
): KindIndex {
  const index = new KindIndex('person', order)
  for (const [given, family, ...fragments] of people)
    index.put(document(`${given} ${family}`, { given, family, fragments }))
  return index
}

function document(
  id: string,
  { given = '', family = '', fragments = [] as string[], ...rest },
): IndexDocument {
  return {
    kind: 'person',
    id,
    rowVersion: 1,
    names: [given, family],
    sortName: { given, family },
    fragments,
    filters: {},
    ownerId: null,
    teamId: null,
    isDeleted: false,
    createdAt: 0,
    updatedAt: 0,
    ...rest,
  }
}

function search(index: KindIndex, text: string): string[] {
  return find(worldOf(index), { kind: 'person', text, scope: everyone, limit: 50 }).ids
}

describe('Dutch names', () => {
  const people = indexOf([
    ['Jan', 'van den Berg'],
    ['Piet', 'Vandenberg'],
    ['Eva', 'Vandenberghe'],
    ['Ali', 'Öztürk'],
    ['Bas', "'t Hooft"],
    ['Lies', "D'Hondt"],
    ['Anne-Marie', 'IJssel'],
    ['Łukasz', 'Sørensen'],
    ['Ilse', 'Strauß'],
  ])

  test.each([
    ['van den berg', ['Jan van den Berg', 'Piet Vandenberg', 'Eva Vandenberghe']],
    ['vandenberg', ['Piet Vandenberg', 'Jan van den Berg', 'Eva Vandenberghe']],
    ['Berg jan', ['Jan van den Berg']],
    ['v.d. Berg', ['Jan van den Berg', 'Piet Vandenberg']],
    ['ozturk', ['Ali Öztürk']],
    ['ÖZTÜRK', ['Ali Öztürk']],
    ['t hooft', ["Bas 't Hooft"]],
    ['‘t Hooft', ["Bas 't Hooft"]],
    ['dhondt', ["Lies D'Hondt"]],
    ["d'hondt", ["Lies D'Hondt"]],
    ['ĳssel', ['Anne-Marie IJssel']],
    ['annemarie', ['Anne-Marie IJssel']],
    ['marie', ['Anne-Marie IJssel']],
    ['lukasz sorensen', ['Łukasz Sørensen']],
    ['strauss', ['Ilse Strauß']],
  ])('%s finds %j, in this order', (text, expected) => {
    expect(search(people, text)).toEqual(expected)
  })

  test('nobody is called nearly as asked for a shared particle alone', () => {
    const near = (text: string) =>
      find(worldOf(people), { kind: 'person', text, scope: everyone, limit: 50 }).closest
    expect(near('van den Bolg')).toEqual(['Jan van den Berg', 'Piet Vandenberg'])
    expect(near('van den Xirix')).toEqual([])
  })

  test('alphabetical order puts the particle last in the Netherlands and first in Belgium', () => {
    const names: [string, string][] = [
      ['Jan', 'van den Berg'],
      ['Piet', 'Claes'],
      ['Eva', 'Berg'],
      ['Bas', 'Bergen'],
    ]
    const list = { kind: 'person' as const, scope: everyone, limit: 9 }
    expect(find(worldOf(indexOf(names, 'nl')), list).ids).toEqual([
      'Eva Berg',
      'Jan van den Berg',
      'Bas Bergen',
      'Piet Claes',
    ])
    expect(find(worldOf(indexOf(names, 'be')), list).ids.at(-1)).toBe('Jan van den Berg')
  })

  test('a company is filed under its article', () => {
    expect(sortKey('company', 'nl', { family: 'De Lijn' })).toMatch(/^de lijn/)
  })
})

describe('companies', () => {
  const index = new KindIndex('company', 'nl')
  for (const family of [
    'Janssens',
    'Janssens B.V.',
    'Janssens & Zn NV',
    'NV Peeters',
    'Müller GmbH & Co. KG',
    'BV',
    'Gmbhuis',
    'Delhaize S.A.',
    'Société Martin S.à r.l.',
  ])
    index.put({ ...document(family, { family }), kind: 'company', names: [family] })
  const companies = (text: string) =>
    find(
      {
        kinds: { person: new KindIndex('person', 'nl'), company: index },
        ...newRelations(),
      },
      { kind: 'company', text, scope: everyone, limit: 50 },
    ).ids

  test.each([
    ['janssens bv', ['Janssens B.V.', 'Janssens', 'Janssens & Zn NV']],
    ['Janssens n.v.', ['Janssens & Zn NV', 'Janssens', 'Janssens B.V.']],
    ['janssens b', ['Janssens B.V.']],
    ['bv', ['BV']],
    ['nv', []],
    ['gmbh', ['Gmbhuis']],
    ['muller gmb', ['Müller GmbH & Co. KG']],
    ['peeters', ['NV Peeters']],
    ['peeters nv', ['NV Peeters']],
    ['delhaize sa', ['Delhaize S.A.']],
    ['martin sarl', ['Société Martin S.à r.l.']],
    ['bv nv', []],
  ])('%s finds %j: a legal form beside a name, and never alone', (text, expected) => {
    expect(companies(text)).toEqual(expected)
  })

  test('a company is like another whatever its legal form', () => {
    const found = similar(index, {
      kind: 'company',
      names: ['Janssens NV'],
      scope: everyone,
      limit: 9,
    })
    expect(found).toMatchObject([
      { id: 'Janssens', score: 1 },
      { id: 'Janssens B.V.', score: 1 },
      { id: 'Janssens & Zn NV', score: 0.5 },
    ])
  })

  test('the company somebody works for does not make everybody a BV', () => {
    const people = indexOf([
      ['Jan', 'Bvlgari', 'Bakkerij De Korenaar BV'],
      ['Piet', 'Claes', 'Janssens BV'],
    ])
    expect(search(people, 'bv')).toEqual(['Jan Bvlgari'])
    expect(search(people, 'korenaar bv')).toEqual(['Jan Bvlgari'])
  })
})

describe('ranking', () => {
  test('among equals stand first whom one looks after and whom one opened last, and never before a better one', () => {
    const index = new KindIndex('person', 'nl')
    for (const [given, family, ownerId] of [
      ['Ann', 'Jansen', null],
      ['Bob', 'Jansen', 'me'],
      ['Cas', 'Jansen', null],
      ['Dirk', 'Jansens', 'me'],
      ['Eva', 'Jansens', null],
    ] as const)
      index.put(document(given, { given, family, ownerId }))
    const asked = { kind: 'person', text: 'jansen', limit: 2 } as const
    const query = { ...asked, scope: { ...everyone, userId: 'me' }, recent: ['Cas', 'Eva'] }
    const first = find(worldOf(index), query)
    const second = find(worldOf(index), { ...query, recent: first.next!.recent! }, first.next)
    const third = find(worldOf(index), { ...query, recent: second.next!.recent! }, second.next)
    expect([first, second, third].map(({ ids }) => ids)).toEqual([
      ['Bob', 'Cas'],
      ['Ann', 'Dirk'],
      ['Eva'],
    ])
  })

  test('exact, then prefix, then substring, then typo; alphabetical within each', () => {
    const people = indexOf([
      ['Z', 'Jansen'],
      ['A', 'Jansen'],
      ['A', 'Jansens'],
      ['A', 'Klaasjansen'],
      ['A', 'Janssn'],
      ['A', 'Hansen'],
      ['A', 'Pieters'],
    ])
    expect(search(people, 'jansen')).toEqual([
      'A Jansen',
      'Z Jansen',
      'A Jansens',
      'A Klaasjansen',
      'A Hansen',
      'A Janssn',
    ])
  })

  test('a phone is found by four digits of it, however it is written, and not by three', () => {
    const people = indexOf([['Jan', 'Berg', '+31612345678']])
    for (const text of ['5678', '06 1234', '+31 (0)6 12 34', '0031612345'.slice(2), '12345'])
      expect(search(people, text), text).toHaveLength(1)
    expect(search(people, '678')).toEqual([])
  })

  test('a number begun as one dials it at home is found, with spaces and beside a name', () => {
    const people = indexOf([
      ['Jan', 'Berg', '+32475991234'],
      ['Piet', 'Berg', '+31475991234'],
      ['Eva', 'Claes', '+33612475990'],
    ])
    // Whose number has these digits further on comes after them.
    for (const text of ['0475', '0475 99', '(0475) 99.12', 'berg 0475 99', '0475/99 12 34'])
      expect(search(people, text).slice(0, 2), text).toEqual(['Jan Berg', 'Piet Berg'])
    expect(search(people, '0475')).toHaveLength(2)
    expect(search(people, '+32 475 99')).toEqual(['Jan Berg'])
    expect(search(people, '0032 475')).toEqual(['Jan Berg'])
    expect(search(people, 'claes 0475')).toEqual([])
  })

  test('an e-mail is found by a part of it', () => {
    const people = indexOf([['Jan', 'Berg', 'J.Berg@Example.nl']])
    for (const text of ['j.berg@', 'example.nl', 'erg@exa', 'exampl'])
      expect(search(people, text), text).toHaveLength(1)
  })
})

describe('words', () => {
  test.each([
    ['berg', 'bergh', true],
    ['berg', 'brg', true],
    ['berg', 'borg', true],
    ['berg', 'breg', true],
    ['berg', 'berg', false],
    ['berg', 'begr', true],
    ['berg', 'gber', false],
    ['berg', 'brog', false],
    ['berg', 'bergen', false],
    ['', 'a', true],
  ])('%s and %s one edit apart: %s', (a, b, expected) => {
    expect(isOneEditApart(a, b)).toBe(expected)
    expect(isOneEditApart(b, a)).toBe(expected)
  })

  test('two family names that differ in two letters are no likely duplicate', () => {
    expect(isWithinOne('bosch', 'bosch')).toBe(true)
    expect(isWithinOne('bosch', 'bosh')).toBe(true)
    expect(isWithinOne('baker', 'bakecr')).toBe(true)
    // A letter more, and two others in each other's place.
    expect(isWithinOne('janse', 'janesx')).toBe(false)
  })

  test('letters without a combining form are spelt out', () => {
    expect(fold('Łódź Ĳ Œuvre Straße Ångström')).toBe('lodz ij oeuvre strasse angstrom')
  })

  test('a bracketed zero is no digit of the number', () => {
    expect(phoneDigits('+31 (0)6-12')).toBe('31612')
    expect(phoneDigits('jan 0612')).toBeUndefined()
  })
})

describe('what hangs on a row', () => {
  test('an older version is ignored, a removed word is gone', () => {
    const index = new KindIndex('person', 'nl')
    index.put(document('a', { family: 'Nieuw', rowVersion: 2 }))
    index.put(document('a', { family: 'Oud', rowVersion: 1 }))
    expect(search(index, 'nieuw')).toEqual(['a'])
    expect(search(index, 'oud')).toEqual([])
    index.remove('a')
    expect(index.words.size).toBe(0)
    expect(index.values.size).toBe(0)
  })

  test('facets and totals count only what the person may see', () => {
    const index = new KindIndex('person', 'nl')
    const tagged = { filters: { tag: ['vip', 'x'] } }
    index.put(document('a', { family: 'Berg', ownerId: 'me', ...tagged }))
    index.put(document('b', { family: 'Berg', teamId: 'north', ...tagged }))
    index.put(document('c', { family: 'Berg', teamId: 'south', ...tagged }))
    const scope = { everything: false, userId: 'me', teamIds: ['north'] }
    expect(find(worldOf(index), { kind: 'person', text: 'berg', scope, limit: 1 }).total).toBe(2)
    expect(facets(index, 'tag', scope)).toEqual([
      { value: 'vip', count: 2 },
      { value: 'x', count: 2 },
    ])
    expect(similar(index, { kind: 'person', names: ['Berg'], scope, limit: 9 })).toHaveLength(2)
  })

  test('what is shared counts and is found once, and notes answer only for whoever may read them', () => {
    const index = new KindIndex('person', 'nl')
    const world = worldOf(index)
    index.put(document('mine', { family: 'Berg', ownerId: 'me', teamId: 'north' }))
    index.put(document('team', { family: 'Berg', teamId: 'north' }))
    index.put(document('lent', { family: 'Berg', teamId: 'south' }))
    index.put(document('foreign', { family: 'Berg', teamId: 'south' }))
    for (const id of ['mine', 'team', 'lent', 'foreign'])
      world.relations.note.put(
        { relation: 'note', id: `of ${id}`, subjects: [{ kind: 'person', id }], body: 'geheim' },
        (kind, of) => world.kinds[kind].rowOf.get(of),
      )
    const own = { everything: false, userId: 'me', teamIds: [] }
    const seen = { ...own, teamIds: ['north'], shared: ['lent', 'mine', 'gone'] }
    const ask = (more: object) =>
      find(world, { kind: 'person', scope: seen, limit: 9, ...more } as IndexQuery)
    expect(ask({ sort: { by: 'name', descending: false } })).toMatchObject({ total: 3 })
    expect(ask({ text: 'berg' }).ids.sort()).toEqual(['lent', 'mine', 'team'])
    const where = { field: 'note.body', test: 'contains', values: ['geheim'] }
    expect(ask({ where }).total).toBe(3)
    const beside = { linked: own, task: own, note: own, file: own }
    expect(ask({ where, scope: { ...seen, beside } }).ids).toEqual(['mine'])
    const nobody = { everything: false, userId: '', teamIds: [] }
    expect(ask({ where, scope: { ...seen, beside: { ...beside, note: nobody } } }).total).toBe(0)
    const active = { field: 'activity.lastAt', test: 'range', from: 1 }
    expect(ask({ where: active, scope: { ...seen, beside } }).total).toBe(0)
  })

  test('the same name with a typo at the same address is similar, the name alone less', () => {
    const index = new KindIndex('person', 'nl')
    const addresses = [{ street: 'Kerkstraat 1', city: 'Gent' }]
    index.put(document('here', { given: 'Jan', family: 'van den Berg', addresses }))
    index.put(document('there', { given: 'Jan', family: 'van den Berg' }))
    index.put(document('other', { given: 'Piet', family: 'Claes', addresses }))
    const found = similar(index, {
      kind: 'person',
      names: ['Jan van den Breg'],
      address: { street: 'kerkstraat  1', city: 'GENT' },
      scope: everyone,
      limit: 9,
    })
    expect(found.map((one) => one.id)).toEqual(['here', 'there'])
    expect(found[0]!.score).toBeGreaterThan(found[1]!.score)
  })
})

test('letters apart are counted as looking at every way would count them', () => {
  // Optimal string alignment by its definition, without rows or bounds.
  const apart = (a: string, b: string): number => {
    if (a === '' || b === '') return a.length + b.length
    const isSwapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
    return Math.min(
      apart(a.slice(0, -1), b) + 1,
      apart(a, b.slice(0, -1)) + 1,
      apart(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
      ...(isSwapped ? [apart(a.slice(0, -2), b.slice(0, -2)) + 1] : []),
    )
  }
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 })
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
      const edits = apart(a, b)
      expect(editsApart(a, b, most)).toBe(edits <= most ? edits : undefined)
      expect(isWithinOne(a, b)).toBe(edits <= 1)
    }),
    { numRuns: 1000 },
  )
})
