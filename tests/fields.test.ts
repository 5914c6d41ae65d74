import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FieldDefinition, type FieldKind, fieldKinds } from '#crm/fields/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let sales: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  sales = await kluis.colleague(ana, 'sales', ana.teamId)
})
afterAll(() => kluis.close())

const both = (text: string) => ({ nl: text, en: `${text} (en)` })
async function field(given: object): Promise<FieldDefinition> {
  const answer = await ana.call('POST', '/api/fields', {
    recordKind: 'person',
    kind: 'text',
    sensitivity: 'contact',
    label: both('Veld'),
    ...given,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
async function make(given: object, path = 'people', by = ana) {
  const answer = await by.call('POST', `/api/${path}`, given)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const see = async (id: string, path = 'people', by = ana) =>
  (await by.call('GET', `/api/${path}/${id}`)).json()
const problemsOf = (answer: { json(): unknown }) => {
  const body = answer.json() as { detail?: { fields: { field: string; problem: string }[] } }
  return (body.detail?.fields ?? []).map((one) => `${one.field} ${one.problem}`)
}
async function list(filter: object | undefined, more: object = {}, path = 'people') {
  const answer = await ana.call('POST', `/api/${path}/list`, { ...(filter && { filter }), ...more })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json().items as {
    id: string
    familyName: string
    custom: Record<string, unknown>
  }[]
}
const names = (items: { familyName: string }[]) => items.map((one) => one.familyName).sort()

test('a value of every kind is kept as it was given, shown again, and emptied by null', async () => {
  const friend = await make({ familyName: 'Vriend' })
  const firm = await make({ name: 'Firma BV' }, 'companies')
  const fields = new Map<FieldKind, FieldDefinition>()
  for (const kind of fieldKinds) {
    const options = ['A', 'B', 'C'].map((one) => ({ label: both(one) }))
    const hasOptions = kind === 'choice' || kind === 'choices'
    fields.set(
      kind,
      await field({ kind, label: both(`K ${kind}`), ...(hasOptions && { options }) }),
    )
  }
  const option = (kind: FieldKind, at: number) => fields.get(kind)!.options[at]!.id
  // Of every kind: a kind that is added asks for a value here.
  const values: Record<FieldKind, unknown> = {
    text: 'Lidkaart 7',
    'long-text': 'twee\nregels',
    number: 12.5,
    money: '1234.50',
    date: '2026-11-25',
    choice: option('choice', 1),
    choices: [option('choices', 0), option('choices', 2)],
    'yes-no': false,
    link: 'https://x.example/a',
    person: friend.id,
    company: firm.id,
  }
  const custom = Object.fromEntries(fieldKinds.map((kind) => [fields.get(kind)!.id, values[kind]]))
  expect(Object.values(custom)).not.toContain(undefined)
  const made = await make({ familyName: 'Alles', custom })
  expect(made.custom).toEqual(custom)
  const seen = await see(made.id)
  expect(seen.custom).toEqual(custom)
  expect(seen.customNames).toEqual({ [friend.id]: 'Vriend', [firm.id]: 'Firma BV' })
  const line = (await list(undefined, { search: 'Alles' }))[0]!
  expect(line).toMatchObject({ custom, customNames: seen.customNames })
  const emptied = await ana.call('PATCH', `/api/people/${made.id}`, {
    rowVersion: made.rowVersion,
    custom: { [fields.get('yes-no')!.id]: null, [fields.get('money')!.id]: '7' },
  })
  const { [fields.get('yes-no')!.id]: _, ...others } = custom
  expect(emptied.json().custom).toEqual({ ...others, [fields.get('money')!.id]: '7.00' })
})

test('the purpose of a field is kept in both languages, given back, and changed', async () => {
  const purpose = both('Om te weten wie er komt')
  const made = await field({ label: both('Met doel'), purpose })
  const kept = async () => {
    const { items } = (await ana.call('GET', '/api/fields')).json()
    return items.find((one: FieldDefinition) => one.id === made.id).purpose
  }
  expect([made.purpose, await kept()]).toEqual([purpose, purpose])
  const other = both('Voor de facturatie')
  const changed = await ana.call('PATCH', `/api/fields/${made.id}`, {
    rowVersion: made.rowVersion,
    purpose: other,
  })
  expect([changed.json().purpose, await kept()]).toEqual([other, other])
})

test('each wrong value is named with its field and its problem, and nothing of the record is stored', async () => {
  const number = await field({ kind: 'number', label: both('Fout getal') })
  const choice = await field({
    kind: 'choice',
    label: both('Fout keuze'),
    options: [{ label: both('A') }],
  })
  const person = await field({ kind: 'person', label: both('Fout persoon') })
  const hidden = await make({ familyName: 'Weg' })
  await ana.call('DELETE', `/api/people/${hidden.id}`)
  const unknown = crypto.randomUUID()
  const refused = await ana.call('POST', '/api/people', {
    familyName: 'Nooit bewaard',
    custom: { [number.id]: 'x', [choice.id]: unknown, [person.id]: hidden.id, [unknown]: 'x' },
  })
  expect(refused.statusCode).toBe(422)
  expect(problemsOf(refused).sort()).toEqual(
    [
      `custom.${number.id} number`,
      `custom.${choice.id} option`,
      `custom.${person.id} record`,
      `custom.${unknown} unknown`,
    ].sort(),
  )
  expect(await list(undefined, { search: 'Nooit bewaard' })).toEqual([])
})

test('a needed field is asked of a new record and can not be emptied; an older record is changed without it', async () => {
  const before = await make({ familyName: 'Van vroeger' })
  const needed = await field({ isRequired: true, label: both('Nodig') })
  const without = await ana.call('POST', '/api/people', { familyName: 'Zonder' })
  expect(problemsOf(without)).toEqual([`custom.${needed.id} needed`])
  const changed = await ana.call('PATCH', `/api/people/${before.id}`, {
    rowVersion: before.rowVersion,
    company: 'Iets anders',
  })
  expect(changed.statusCode, changed.body).toBe(200)
  const filled = await make({ familyName: 'Met', custom: { [needed.id]: 'ja' } })
  const emptied = await ana.call('PATCH', `/api/people/${filled.id}`, {
    rowVersion: filled.rowVersion,
    custom: { [needed.id]: '  ' },
  })
  expect(problemsOf(emptied)).toEqual([`custom.${needed.id} needed`])
  await ana.call('PATCH', `/api/fields/${needed.id}`, {
    rowVersion: needed.rowVersion,
    isArchived: true,
  })
  await make({ familyName: 'Weer zonder' })
})

test('an archived field takes no new value, keeps what stands in it, and comes back', async () => {
  const one = await field({ label: both('Archief') })
  const made = await make({ familyName: 'Bewaard', custom: { [one.id]: 'blijft' } })
  const archived = await ana.call('PATCH', `/api/fields/${one.id}`, {
    rowVersion: one.rowVersion,
    isArchived: true,
  })
  expect(archived.json().isArchived).toBe(true)
  const refused = await ana.call('PATCH', `/api/people/${made.id}`, {
    rowVersion: made.rowVersion,
    custom: { [one.id]: 'anders' },
  })
  expect(problemsOf(refused)).toEqual([`custom.${one.id} archived`])
  expect((await see(made.id)).custom[one.id]).toBe('blijft')
  const listed = (await ana.call('GET', '/api/people/fields')).json().items
  expect(listed.some((item: { name: string }) => item.name === `custom.${one.id}`)).toBe(false)
  // A view that was made with it goes on working.
  const filter = { field: `custom.${one.id}`, operator: 'is', values: ['blijft'] }
  expect(names(await list(filter))).toEqual(['Bewaard'])
  await ana.call('PATCH', `/api/fields/${one.id}`, {
    rowVersion: archived.json().rowVersion,
    isArchived: false,
  })
  expect(
    (
      await ana.call('PATCH', `/api/people/${made.id}`, {
        rowVersion: made.rowVersion,
        custom: { [one.id]: 'anders' },
      })
    ).statusCode,
  ).toBe(200)
})

test('an option is renamed without touching a record, and one left out stays readable and is chosen no more', async () => {
  const one = await field({
    kind: 'choices',
    label: both('Kleuren'),
    search: 'index',
    options: [{ label: both('Rood') }, { label: both('Blauw') }],
  })
  const [red, blue] = one.options
  const made = await make({ familyName: 'Kleurig', custom: { [one.id]: [blue!.id, red!.id] } })
  expect(made.custom[one.id]).toEqual([red!.id, blue!.id])
  const renamed = (
    await ana.call('PATCH', `/api/fields/${one.id}`, {
      rowVersion: one.rowVersion,
      options: [{ id: red!.id, label: both('Karmijn') }],
    })
  ).json() as FieldDefinition
  expect(renamed.options).toEqual([
    { id: red!.id, label: both('Karmijn'), isArchived: false },
    { id: blue!.id, label: both('Blauw'), isArchived: true },
  ])
  const refused = await ana.call('POST', '/api/people', {
    familyName: 'Nieuw',
    custom: { [one.id]: [blue!.id] },
  })
  expect(problemsOf(refused)).toEqual([`custom.${one.id} option`])
  const kept = await ana.call('PATCH', `/api/people/${made.id}`, {
    rowVersion: made.rowVersion,
    custom: { [one.id]: [blue!.id] },
  })
  expect(kept.json().custom[one.id]).toEqual([blue!.id])
  // Found by the new word a moment later, although no record was written.
  const other = await make({ familyName: 'Rodig', custom: { [one.id]: [red!.id] } })
  await expect
    .poll(async () => (await list(undefined, { search: 'karmijn' })).map(({ id }) => id), {
      timeout: 20_000,
    })
    .toEqual([other.id])
}, 30_000)

test('a definition is refused that would weaken the database, or that nobody could tell from another', async () => {
  await field({ label: both('Bezet') })
  const refused = async (given: object) =>
    problemsOf(
      await ana.call('POST', '/api/fields', {
        recordKind: 'person',
        kind: 'text',
        sensitivity: 'contact',
        label: both(crypto.randomUUID()),
        ...given,
      }),
    )
  expect(
    await refused({ kind: 'choice', options: [{ label: both('x') }], search: 'exact' }),
  ).toEqual(['search skewed'])
  for (const kind of ['yes-no', 'date', 'number', 'money'])
    expect(await refused({ kind, search: 'exact', sensitivity: 'confidential' })).toEqual([
      'search skewed',
    ])
  expect(await refused({ sensitivity: 'confidential', search: 'index' })).toEqual([
    'search confidential',
  ])
  expect(await refused({ roles: ['sales'] })).toEqual(['roles contact'])
  expect(await refused({ sensitivity: 'confidential', roles: ['koning'] })).toEqual([
    'roles unknown',
  ])
  expect(await refused({ label: { nl: 'bezet', en: '' } })).toEqual(['label taken'])
  expect(await refused({ kind: 'choice' })).toEqual(['options needed'])
  expect(await refused({ options: [{ label: both('x') }] })).toEqual(['options kind'])
  // And by PostgreSQL, whatever the program says.
  await expect(
    kluis.admin.query(
      `insert into kluis.field_definition (record_kind, kind, sensitivity, search, content_sealed) select record_kind, 'choice', 'contact', 'exact', content_sealed from kluis.field_definition limit 1`,
    ),
  ).rejects.toThrow(/check constraint/)
  expect((await sales.call('POST', '/api/fields', {})).statusCode).toBe(403)
  expect((await sales.call('GET', '/api/fields/all')).statusCode).toBe(403)
})

test('the second of two who change a field is told, and an order that was set is the order of the list', async () => {
  const [first, second] = [
    await field({ label: both('Eerst') }),
    await field({ label: both('Dan') }),
  ]
  const change = (label: string) =>
    ana.call('PATCH', `/api/fields/${first.id}`, {
      rowVersion: first.rowVersion,
      label: both(label),
    })
  expect((await change('Eerste')).statusCode).toBe(200)
  const late = await change('Te laat')
  expect([late.statusCode, late.json().code]).toEqual([409, 'changed-meanwhile'])
  await ana.call('POST', '/api/fields/order', { recordKind: 'person', ids: [second.id, first.id] })
  const ids = (await sales.call('GET', '/api/fields'))
    .json()
    .items.map((one: { id: string }) => one.id)
  expect(ids.indexOf(second.id)).toBeLessThan(ids.indexOf(first.id))
  expect(ids[0]).toBe(second.id)
})

test('what another process changes is known a moment later, and by whoever asks for the fields at once', async () => {
  const one = await field({ label: both('Elders'), isRequired: true })
  await kluis.admin.query(
    `update kluis.field_definition set is_required = false, row_version = row_version + 1 where id = $1`,
    [one.id],
  )
  const items = (await ana.call('GET', '/api/fields')).json().items as FieldDefinition[]
  expect(items.find(({ id }) => id === one.id)?.isRequired).toBe(false)
  await make({ familyName: 'Niet meer nodig' })
})

test('a list is filtered, sorted, grouped and added up by fields of every kind', async () => {
  const only = { field: 'familyName', operator: 'starts-with', values: ['Lijst'] }
  const rank = await field({
    kind: 'choice',
    label: both('Rang'),
    options: [{ label: both('Hoog') }, { label: both('Laag') }],
  })
  const [high, low] = rank.options.map(({ id }) => id)
  const money = await field({ kind: 'money', label: both('Omzet') })
  const day = await field({ kind: 'date', label: both('Sinds') })
  const yes = await field({ kind: 'yes-no', label: both('Actief') })
  const text = await field({ label: both('Dossier'), search: 'index' })
  const who = await field({ kind: 'person', label: both('Aangebracht door') })
  const source = await make({ familyName: 'Bron' })
  const of = (values: unknown[]) =>
    Object.fromEntries(
      [rank, money, day, yes, text, who].flatMap(({ id }, i) =>
        values[i] === undefined ? [] : [[id, values[i]]],
      ),
    )
  await make({
    familyName: 'Lijst A',
    custom: of([low, '0.10', '2026-01-05', true, 'QX-7781', source.id]),
  })
  await make({ familyName: 'Lijst B', custom: of([high, '0.20', '2026-03-05', false]) })
  await make({ familyName: 'Lijst C' })
  const by = (one: FieldDefinition, operator: string, ...values: string[]) =>
    list({ all: [only, { field: `custom.${one.id}`, operator, values }] }).then(names)
  expect(await by(rank, 'is', high!)).toEqual(['Lijst B'])
  expect(await by(rank, 'empty')).toEqual(['Lijst C'])
  expect(await by(money, 'at-least', '0,15')).toEqual(['Lijst B'])
  expect(await by(day, 'before', '2026-02-01')).toEqual(['Lijst A'])
  expect(await by(yes, 'is', 'no')).toEqual(['Lijst B'])
  expect(await by(yes, 'is', 'yes')).toEqual(['Lijst A'])
  expect(await by(text, 'contains', '778')).toEqual(['Lijst A'])
  expect(await by(who, 'is', source.id)).toEqual(['Lijst A'])
  expect((await list(undefined, { search: 'qx-7781' })).map((one) => one.familyName)).toEqual([
    'Lijst A',
  ])
  const sorted = async (sort: string) =>
    (await list(only, { sort })).map((one) => one.familyName.at(-1)).join('')
  expect(await sorted(`custom.${rank.id}`)).toBe('BAC')
  expect(await sorted(`-custom.${money.id}`)).toBe('BAC')
  expect(await sorted(`custom.${day.id}`)).toBe('ABC')
  const groups = (
    await ana.call('POST', '/api/people/groups', {
      filter: only,
      by: `custom.${rank.id}`,
      sums: [`custom.${money.id}`],
    })
  ).json()
  expect(groups.sums).toEqual({ [`custom.${money.id}`]: 0.3 })
  expect(
    groups.groups.map((one: { value: string; count: number }) => [one.value, one.count]),
  ).toEqual(
    expect.arrayContaining([
      [high, 1],
      [low, 1],
      [null, 1],
    ]),
  )
  // A company's list asks the people it is linked to.
  const firm = await make({ name: 'Gekoppeld NV' }, 'companies')
  const [a] = await list({
    all: [only, { field: `custom.${text.id}`, operator: 'is', values: ['QX-7781'] }],
  })
  await ana.call('POST', `/api/people/${a!.id}/affiliations`, { companyId: firm.id, jobTitle: '' })
  await kluis.app.index.putRelated([
    {
      relation: 'affiliation',
      id: crypto.randomUUID(),
      subjects: [
        { kind: 'person', id: a!.id },
        { kind: 'company', id: firm.id },
      ],
    },
  ])
  expect(
    (
      await list(
        { field: `person.custom.${rank.id}`, operator: 'is', values: [low!] },
        {},
        'companies',
      )
    ).map(({ id }) => id),
  ).toEqual([firm.id])
})

test('cells take labels, words and European numbers, and give back what undoes them', async () => {
  const rank = await field({
    kind: 'choice',
    label: both('Celrang'),
    options: [{ label: { nl: 'Goud', en: 'Gold' } }, { label: { nl: 'Brons', en: '' } }],
  })
  const number = await field({ kind: 'number', label: both('Celgetal') })
  const yes = await field({ kind: 'yes-no', label: both('Celja') })
  const secret = await field({ sensitivity: 'confidential', label: both('Celgeheim') })
  const was = { [rank.id]: rank.options[1]!.id, [number.id]: 1.5, [yes.id]: true }
  const made = await make({ familyName: 'Cel', custom: was })
  const change = async (rowVersion: number, cells: Record<string, string>) =>
    (
      await ana.call('POST', '/api/people/cells', {
        rows: [{ id: made.id, rowVersion, cells }],
      })
    ).json().results[0]
  const named = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([id, text]) => [`custom.${id}`, text]))
  const changed = await change(
    1,
    named({ [rank.id]: 'gold', [number.id]: '1.234,5', [yes.id]: 'nee' }),
  )
  expect(changed.outcome, JSON.stringify(changed)).toBe('changed')
  expect((await see(made.id)).custom).toEqual({
    [rank.id]: rank.options[0]!.id,
    [number.id]: 1234.5,
    [yes.id]: false,
  })
  await change(changed.rowVersion, changed.before)
  expect((await see(made.id)).custom).toEqual(was)
  const wrong = await change(
    3,
    named({ [rank.id]: 'platina', [number.id]: 'veel', [secret.id]: 'x' }),
  )
  expect(wrong.problems).toEqual([
    { column: `custom.${rank.id}`, problem: 'option' },
    { column: `custom.${number.id}`, problem: 'number' },
    { column: `custom.${secret.id}`, problem: 'unknown' },
  ])
})

test('a field of many records is set in one go and undone in one step', async () => {
  const rank = await field({
    recordKind: 'company',
    kind: 'choice',
    label: both('Massa'),
    options: [{ label: both('Een') }, { label: both('Twee') }],
  })
  const [one, two] = rank.options.map(({ id }) => id)
  const firms = [
    await make({ name: 'Massa A', custom: { [rank.id]: one } }, 'companies'),
    await make({ name: 'Massa B' }, 'companies'),
  ]
  const ids = firms.map(({ id }) => id)
  const bulk = (change: object) => ana.call('POST', '/api/companies/bulk', { ids, change })
  const done = (await bulk({ kind: 'custom', fieldId: rank.id, value: two })).json()
  expect(done.changed).toBe(2)
  for (const id of ids) expect((await see(id, 'companies')).custom).toEqual({ [rank.id]: two })
  const before = done.results.map((result: { id: string; before: object }) => ({
    id: result.id,
    ...result.before,
  }))
  await bulk({ kind: 'restore', before })
  expect((await see(ids[0]!, 'companies')).custom).toEqual({ [rank.id]: one })
  expect((await see(ids[1]!, 'companies')).custom).toEqual({})
  expect(problemsOf(await bulk({ kind: 'custom', fieldId: rank.id, value: 'x' }))).toEqual([
    'fieldId option',
  ])
  const money = await field({ recordKind: 'company', kind: 'money', label: both('Massageld') })
  expect(problemsOf(await bulk({ kind: 'custom', fieldId: money.id, value: '1.00' }))).toEqual([
    'fieldId kind',
  ])
})

test('what names a record follows it when it is merged, in the dossier and in a filter', async () => {
  const who = await field({ kind: 'person', label: both('Partner') })
  const [kept, other] = [
    await make({ familyName: 'Blijft' }),
    await make({ familyName: 'Verdwijnt' }),
  ]
  const holder = await make({ familyName: 'Wijst', custom: { [who.id]: other.id } })
  const merged = await ana.call('POST', '/api/people/merges', {
    keptId: kept.id,
    otherId: other.id,
    keptVersion: 1,
    otherVersion: 1,
    choices: { familyName: 'kept' },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  expect((await see(holder.id)).customNames).toEqual({ [other.id]: 'Blijft' })
  const filter = { field: `custom.${who.id}`, operator: 'is', values: [kept.id] }
  expect(names(await list(filter))).toEqual(['Wijst'])
  await ana.call('POST', `/api/people/merges/${merged.json().id}/undo`, {})
  expect((await see(holder.id)).customNames).toEqual({ [other.id]: 'Verdwijnt' })
  expect(names(await list(filter))).toEqual([])
})

test('two records become one field by field, confidential ones unseen, and undoing gives everything back', async () => {
  const a = await field({ label: both('Samen A') })
  const b = await field({ label: both('Samen B') })
  const many = await field({
    kind: 'choices',
    label: both('Samen C'),
    options: [{ label: both('x') }, { label: both('y') }],
  })
  const [x, y] = many.options.map(({ id }) => id)
  const secret = await field({ sensitivity: 'confidential', label: both('Samen D') })
  const alone = await field({ sensitivity: 'confidential', label: both('Samen E') })
  const foreign = await field({
    sensitivity: 'confidential',
    label: both('Samen F'),
    roles: ['administrator'],
  })
  const left = {
    [a.id]: 'links',
    [many.id]: [x],
    [secret.id]: 'geheim links',
    [foreign.id]: 'vreemd links',
  }
  const right = {
    [a.id]: 'rechts',
    [b.id]: 'enkel rechts',
    [many.id]: [y],
    [secret.id]: 'geheim rechts',
    [alone.id]: 'alleen rechts',
    [foreign.id]: 'vreemd rechts',
  }
  const [kept, other] = [
    await make({ familyName: 'Samen', custom: left }),
    await make({ familyName: 'Samen', custom: right }),
  ]
  const reveal = async (id: string, by = ana) =>
    (await by.call('POST', `/api/people/${id}/reveal`, { reason: 'test' })).json().confidential
  const before = [await see(kept.id), await see(other.id)]
  const secrets = [await reveal(kept.id), await reveal(other.id)]
  const question = {
    keptId: kept.id,
    otherId: other.id,
    choices: { [`custom.${a.id}`]: 'other', [`custom.${secret.id}`]: 'other' },
  }
  // Of a role that does not see one of them: it is not offered, and its kept value stays.
  const preview = (await sales.call('POST', '/api/people/merges/preview', question)).json()
  const offered = new Map(preview.fields.map((one: { name: string }) => [one.name, one]))
  expect(offered.get(`custom.${secret.id}`)).toMatchObject({
    kept: ['••••'],
    other: ['••••'],
    choice: 'other',
  })
  expect(offered.get(`custom.${alone.id}`)).toMatchObject({
    kept: [],
    other: ['••••'],
    choice: 'other',
  })
  expect(offered.get(`custom.${a.id}`)).toMatchObject({
    kept: 'links',
    other: 'rechts',
    result: 'rechts',
  })
  expect(offered.has(`custom.${foreign.id}`)).toBe(false)
  expect(preview.moves.confidential_value).toBeUndefined()
  const foreignChoice = { ...question, choices: { [`custom.${foreign.id}`]: 'other' } }
  expect(problemsOf(await sales.call('POST', '/api/people/merges/preview', foreignChoice))).toEqual(
    [`choices.custom.${foreign.id} unknown`],
  )
  const merged = await sales.call('POST', '/api/people/merges', {
    ...question,
    keptVersion: 1,
    otherVersion: 1,
  })
  expect(merged.statusCode, merged.body).toBe(200)
  expect((await see(kept.id)).custom).toEqual({
    [a.id]: 'rechts',
    [b.id]: 'enkel rechts',
    [many.id]: [x, y],
  })
  expect(await reveal(kept.id)).toEqual({
    [secret.id]: 'geheim rechts',
    [alone.id]: 'alleen rechts',
    [foreign.id]: 'vreemd links',
  })
  const undone = await sales.call('POST', `/api/people/merges/${merged.json().id}/undo`, {})
  expect(undone.statusCode, undone.body).toBe(200)
  for (const [at, id] of [kept.id, other.id].entries()) {
    const { custom, confidential } = await see(id)
    expect([custom, confidential]).toEqual([before[at].custom, before[at].confidential])
    expect(await reveal(id)).toEqual(secrets[at])
  }
})

test('a confidential value written after a merge stays when the merge is undone', async () => {
  const secret = await field({ sensitivity: 'confidential', label: both('Nadien') })
  const [kept, other] = [
    await make({ familyName: 'Nadien', custom: { [secret.id]: 'eerst' } }),
    await make({ familyName: 'Nadien', custom: { [secret.id]: 'tweede' } }),
  ]
  const merged = await ana.call('POST', '/api/people/merges', {
    keptId: kept.id,
    otherId: other.id,
    keptVersion: 1,
    otherVersion: 1,
    choices: { [`custom.${secret.id}`]: 'other' },
  })
  const change = async (value: string | null) => {
    const { rowVersion } = await see(kept.id)
    const answer = await ana.call('PATCH', `/api/people/${kept.id}`, {
      rowVersion,
      custom: { [secret.id]: value },
    })
    expect(answer.statusCode, answer.body).toBe(200)
  }
  await change(null)
  await change('derde')
  const undone = await ana.call('POST', `/api/people/merges/${merged.json().id}/undo`, {})
  expect(undone.statusCode, undone.body).toBe(200)
  const reveal = async (id: string) =>
    (await ana.call('POST', `/api/people/${id}/reveal`, { reason: 'test' })).json().confidential
  expect(await reveal(kept.id)).toEqual({ [secret.id]: 'derde' })
  expect(await reveal(other.id)).toEqual({})
})

test('definitions stand in memory: with their table out of reach, records are made, listed and filtered all the same', async () => {
  const one = await field({ label: both('In het geheugen') })
  const reach = (verb: string) =>
    kluis.admin.query(
      `${verb === 'revoke' ? 'revoke select on' : 'grant select on'} kluis.field_definition, kluis.field_role ${verb === 'revoke' ? 'from' : 'to'} kluis_keeper`,
    )
  await kluis.admin.query('revoke select on kluis.field_definition from kluis_app')
  await reach('revoke')
  try {
    await make({ familyName: 'Onthouden', custom: { [one.id]: 'waarde' } })
    const filter = { field: `custom.${one.id}`, operator: 'is', values: ['waarde'] }
    expect(names(await list(filter))).toEqual(['Onthouden'])
    expect((await ana.call('GET', '/api/people/fields')).statusCode).toBe(200)
  } finally {
    await reach('grant')
    await kluis.admin.query('grant select on kluis.field_definition to kluis_app')
  }
})

test('who asks for no fields hears of a change by another process too, and the index follows it', async () => {
  const one = await field({ label: both('Gehoord'), search: 'index' })
  const made = await make({ familyName: 'Gehoord', custom: { [one.id]: 'Zonderlingwoord' } })
  await kluis.app.startWork()
  const found = () =>
    expect.poll(
      async () => (await list(undefined, { search: 'zonderlingwoord' })).map(({ id }) => id),
      { timeout: 20_000 },
    )
  await found().toEqual([made.id])
  const set = (change: string) =>
    kluis.admin.query(
      `update kluis.field_definition set ${change}, row_version = row_version + 1 where id = $1`,
      [one.id],
    )
  // Not as it was sealed, so for nobody, until it is again.
  await set(`search = 'none'`)
  await found().toEqual([])
  await set(`search = 'index', is_required = true`)
  await found().toEqual([made.id])
  const refused = await ana.call('POST', '/api/people', { familyName: 'Te weinig' })
  expect(problemsOf(refused)).toEqual([`custom.${one.id} needed`])
}, 30_000)

test('a field without values may be given an exact search, one that holds some not any more, and a skewed one is refused with its figures', async () => {
  const change = async ({ id, rowVersion }: FieldDefinition, search: string) =>
    ana.call('PATCH', `/api/fields/${id}`, { rowVersion, search })
  const empty = await field({ recordKind: 'company', label: both('Leeg') })
  expect((await change(empty, 'exact')).json().search).toBe('exact')
  const held = await field({ recordKind: 'company', label: both('Gevuld') })
  await make({ name: 'Gevuld', custom: { [held.id]: 'a' } }, 'companies')
  expect(problemsOf(await change(held, 'exact'))).toEqual(['search fixed'])
  const { index } = kluis.app
  const documents = Array.from({ length: 200 }, (_, number) => ({
    kind: 'company' as const,
    id: crypto.randomUUID(),
    rowVersion: 1,
    names: [],
    sortName: { family: '' },
    fragments: [],
    filters: {},
    texts: { [`custom.${held.id}`]: [`value ${number % 3}`] },
    ownerId: null,
    teamId: null,
    isDeleted: false,
    createdAt: 0,
    updatedAt: 0,
  }))
  index.put(documents)
  const refused = (await change(held, 'exact')).json().detail.fields
  expect(refused).toEqual([
    { field: 'search', problem: 'skewed', records: 201, different: 4, most: 67 },
  ])
  const { items } = (await ana.call('GET', '/api/fields/spread')).json()
  expect(items.find(({ id }: { id: string }) => id === held.id)).toMatchObject({
    records: 201,
    isEnough: true,
    isSkewed: true,
  })
  index.remove(
    'company',
    documents.map(({ id }) => id),
  )
  expect((await sales.call('GET', '/api/fields/spread')).statusCode).toBe(403)
})

test('what shows which records share a value is counted, and goes when the exact search is taken away', async () => {
  const of = { recordKind: 'company', search: 'exact' }
  const common = await field({ ...of, label: both('Contract') })
  const secret = await field({
    ...of,
    label: both('Dossiernummer'),
    sensitivity: 'confidential',
  })
  for (const value of ['K-1', 'K-2', 'K-2'])
    await make({ name: value, custom: { [common.id]: value, [secret.id]: value } }, 'companies')
  const tokens = async () =>
    (
      await kluis.admin.query<{ common: number; secret: number }>(
        `select (select count(*)::int from kluis.company_lookup where kind = $1) as common,
           (select count(*)::int from kluis.confidential_value where field_id = $2 and exact_token is not null) as secret`,
        [`custom:${common.id}`, secret.id],
      )
    ).rows[0]
  expect(await tokens()).toEqual({ common: 3, secret: 3 })
  const { items } = (await ana.call('GET', '/api/fields/spread')).json()
  for (const { id } of [common, secret])
    expect(items).toContainEqual({
      id,
      records: 3,
      different: 2,
      most: 2,
      isEnough: false,
      isSkewed: false,
    })
  for (const { id, rowVersion } of [common, secret]) {
    const changed = await ana.call('PATCH', `/api/fields/${id}`, { rowVersion, search: 'none' })
    expect(changed.json().search, changed.body).toBe('none')
  }
  expect(await tokens()).toEqual({ common: 0, secret: 0 })
  // Values stay, and what is changed afterwards gets no token.
  const [company] = await list(undefined, { search: 'K-1' }, 'companies')
  const { rowVersion } = await see(company!.id, 'companies')
  const custom = { [common.id]: 'K-9', [secret.id]: 'K-9' }
  await ana.call('PATCH', `/api/companies/${company!.id}`, { rowVersion, custom })
  expect((await see(company!.id, 'companies')).custom[common.id]).toBe('K-9')
  expect(await tokens()).toEqual({ common: 0, secret: 0 })
})
