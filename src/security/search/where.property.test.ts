/** Filters on columns of bytes and numbers answer as looking at the documents themselves does, after any changes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IndexCondition, IndexDocument, IndexFilter } from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import { newRelations, type World } from './relations.ts'
import { Results } from './results.ts'
import { fold } from './words.ts'

const word = fc.constantFrom('Gent', 'Gentbrugge', 'gent', 'Ieper', 'É', 'a@b.be', 'x', 'Łódź')
const anyDocument = fc.record({
  id: fc.integer({ min: 0, max: 12 }).map(String),
  city: fc.array(word, { maxLength: 2 }),
  email: fc.array(word, { maxLength: 3 }),
  birthday: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  team: fc.constantFrom('north', 'south'),
})
type Given = typeof anyDocument extends fc.Arbitrary<infer T> ? T : never
const step = fc.oneof(
  { weight: 4, arbitrary: anyDocument.map((put) => ({ put })) },
  fc.integer({ min: 0, max: 12 }).map((id) => ({ remove: String(id) })),
)
const condition: fc.Arbitrary<IndexCondition> = fc.oneof(
  fc.record({
    field: fc.constantFrom('city', 'email', 'unheard-of'),
    test: fc.constantFrom('equals' as const, 'contains' as const, 'starts' as const),
    values: fc.array(word, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    field: fc.constantFrom('city', 'email', 'birthday'),
    test: fc.constant('there' as const),
  }),
  fc.record({
    field: fc.constant('birthday'),
    test: fc.constant('range' as const),
    from: fc.integer({ min: 0, max: 4 }),
    to: fc.integer({ min: 0, max: 5 }),
  }),
)
const filter: fc.Arbitrary<IndexFilter> = fc.letrec<{ filter: IndexFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    condition,
    fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
})).filter

function documentOf({ id, city, email, birthday, team }: Given, version: number): IndexDocument {
  return {
    kind: 'person',
    id,
    rowVersion: version,
    names: [id],
    sortName: { family: id },
    fragments: [],
    filters: { city },
    texts: { email },
    numbers: birthday === undefined ? {} : { birthday },
    ownerId: null,
    teamId: team,
    isDeleted: false,
    createdAt: version,
    updatedAt: version,
  }
}

function looks(given: Given, asked: IndexFilter): boolean {
  if ('all' in asked) return asked.all.every((one) => looks(given, one))
  if ('any' in asked) return asked.any.some((one) => looks(given, one))
  if ('not' in asked) return !looks(given, asked.not)
  if (asked.test === 'range')
    return (
      given.birthday !== undefined && given.birthday >= asked.from! && given.birthday < asked.to!
    )
  if (asked.field === 'birthday') return given.birthday !== undefined
  const values = asked.field === 'city' ? given.city : asked.field === 'email' ? given.email : []
  if (asked.test === 'there') return values.length > 0
  return values.map(fold).some((value) =>
    asked.values.map(fold).some((wanted) => {
      if (asked.test === 'equals') return value === wanted
      return asked.test === 'starts' ? value.startsWith(wanted) : value.includes(wanted)
    }),
  )
}

test('after any changes, a filter lets through what looking at each document lets through, to those who see it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), filter, (steps, asked) => {
      const person = new KindIndex('person', 'nl')
      const world: World = {
        kinds: { person, company: new KindIndex('company', 'nl') },
        ...newRelations(),
      }
      const held = new Map<string, Given>()
      steps.forEach((one, at) => {
        if ('put' in one) {
          person.put(documentOf(one.put, at + 1))
          held.set(one.put.id, one.put)
        } else {
          person.remove(one.remove)
          held.delete(one.remove)
        }
      })
      const expected = [...held.values()]
        .filter((one) => one.team === 'north' && looks(one, asked))
        .map(({ id }) => id)
      const page = new Results(world).page(
        {
          kind: 'person',
          where: asked,
          scope: { everything: false, userId: 'u', teamIds: ['north'] },
          limit: 100,
        },
        0,
      )
      expect(page.ids.toSorted()).toEqual(expected.toSorted())
      expect(page.total).toBe(expected.length)
    }),
    { numRuns: 400 },
  )
})
