import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Erasure } from '#security/vault/erasing/contract.ts'
import type { FileLine, RetainedFile } from '../src/crm/files/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let officer: Caller
const keys = () => join(kluis.directory, 'keystore')
const copies = () => join(kluis.directory, 'copy')

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: 0 })
  bea = await kluis.setUp('everyone')
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
})
afterAll(() => kluis.close())

type Made = { id: string; rowVersion: number }
type Rule = { rule: string; from: string | null }
const invoice: Rule = { rule: 'BE-FISC-10', from: '2027-03-15' }
/** Its time is over: a year, and of long ago. */
const advice: Rule = { rule: 'NL-ADV-1', from: '2020-05-01' }

async function made(path: string, body: object): Promise<Made> {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (familyName: string) => made('/api/people', { familyName })

async function begin(personId: string, content: string, retention?: Rule): Promise<string> {
  const { id } = await made(`/api/people/${personId}/files`, {
    ...{ name: `${content}.txt`, size: Buffer.byteLength(content) },
    ...(retention && { retention }),
  })
  const sent = await kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${id}/pieces/0`,
    cookies: { kluis: bea.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.from(content),
  })
  expect(sent.statusCode, sent.body).toBe(200)
  return id
}
async function file(personId: string, content: string, retention?: Rule): Promise<FileLine> {
  const id = await begin(personId, content, retention)
  const done = await bea.call('POST', `/api/files/${id}/complete`)
  expect(done.statusCode, done.body).toBe(200)
  return done.json()
}
const content = (caller: Caller, id: string) => caller.call('GET', `/api/files/${id}/content`)
const erase = async (id: string, kind = 'person'): Promise<Erasure> => {
  const answer = await officer.call('POST', '/api/erasures', {
    ...{ subject: { kind, id }, reason: 'vroeg erom' },
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const say = (id: string, caller = officer) =>
  caller.call('POST', `/api/retained-files/${id}/openings`, {
    ...{ purpose: 'audit', reason: 'controle van 2029' },
  })
async function retained(state: 'over' | 'set-apart'): Promise<RetainedFile[]> {
  const answer = await officer.call('GET', `/api/retained-files?state=${state}&limit=100`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json().items
}
const slotsOf = async (id: string) =>
  (
    await kluis.admin.query(
      'select key_slot, kluis.slot_of(content_sealed) as content, kluis.slot_of(key_sealed) as key from kluis.file where id = $1',
      [id],
    )
  ).rows[0]

test('a file that a law has kept outlives whom it is of, out of the dossier, and opens for a stated purpose alone', async () => {
  const { id } = await person('Vertrekt')
  const kept = await file(id, 'factuur', invoice)
  const other = await file(id, 'brief')
  const slots = await slotsOf(kept.id)
  expect((await bea.call('GET', `/api/people/${id}/files`)).body).toContain(kept.id)
  expect(Number(slots.key_slot)).toBeGreaterThanOrEqual(64)
  expect([slots.content, slots.key]).toEqual([slots.key_slot, slots.key_slot])
  const { certificate, text } = await erase(id)
  expect(certificate.keySlots).not.toContain(Number(slots.key_slot))
  const until = '2038-01-01'
  expect(certificate.retained).toEqual([{ rule: 'BE-FISC-10', count: 1, until }])
  expect(certificate.remains.at(-1)).toEqual({ where: 'kept-by-law', until })
  expect(text).toContain(`BE-FISC-10: 1, tot ${until}`)
  // Whom it is of was seen, and no second customer.
  const seen = await kluis.admin.query('select subject_id from kluis.budget_seen')
  expect(seen.rows.map((row) => row.subject_id)).not.toContain(kept.id)
  // For whoever worked on the dossier neither of them is there any more.
  expect((await content(bea, kept.id)).statusCode).toBe(404)
  expect((await bea.call('GET', `/api/people/${id}/files`)).body).not.toContain(kept.id)
  expect((await content(bea, other.id)).statusCode).not.toBe(200)
  expect((await bea.call('GET', '/api/retained-files?state=set-apart')).statusCode).toBe(403)
  expect((await say(kept.id, bea)).statusCode).toBe(403)
  // Who looks after erasing sees that it is there, and must say for what.
  const [line] = (await retained('set-apart')).filter((one) => one.id === kept.id)
  expect(line).toMatchObject({ name: 'factuur.txt', subject: null, openings: [] })
  expect((await retained('set-apart')).map((one) => one.id)).not.toContain(other.id)
  expect((await content(officer, kept.id)).json().code).toBe('reason-needed')
  expect(await framesFor(officer, kept.id)).toBe(0)
  expect((await say(kept.id)).statusCode).toBe(201)
  expect(await framesFor(officer, kept.id)).toBeGreaterThan(0)
  expect(await framesFor(bea, kept.id)).toBe(0)
  const opened = await content(officer, kept.id)
  expect([opened.statusCode, opened.body]).toEqual([200, 'factuur'])
  const [after] = (await retained('set-apart')).filter((one) => one.id === kept.id)
  expect(after!.openings).toMatchObject([
    { purpose: 'audit', reason: 'controle van 2029', by: officer.userId },
  ])
  // A quarter of an hour later it is to be said again.
  await kluis.admin.query(
    "alter table kluis.retained_opening disable trigger user; update kluis.retained_opening set created_at = now() - interval '16 minutes'; alter table kluis.retained_opening enable trigger user",
  )
  expect((await content(officer, kept.id)).json().code).toBe('reason-needed')
  expect(await framesFor(officer, kept.id)).toBe(0)
})

/** As whoever can run any SQL in the place of the program, with this colleague's session. */
function framesFor(caller: Caller, id: string): Promise<number> {
  return asApp(caller, 'select count(*) as n from kluis.file_frame where file_id = $1', [id]).then(
    ({ rows }) => Number(rows[0].n),
  )
}
async function asApp(caller: Caller, text: string, values: unknown[]) {
  const client = await kluis.otherAdmin()
  try {
    await client.query('set role kluis_app')
    await client.query('begin')
    await client.query("select set_config('kluis.session', $1, true)", [caller.token])
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

test('whoever is asked, the database lets no such file go before its time, nor be made unreadable', async () => {
  const { id } = await person('Houdt')
  const kept = await file(id, 'balans', invoice)
  const trash = await bea.call('DELETE', `/api/files/${kept.id}`)
  expect([trash.statusCode, trash.json().code]).toEqual([409, 'kept-by-law'])
  const mark = (retention: Rule | null, caller = bea) =>
    caller.call('PUT', `/api/files/${kept.id}/retention`, {
      rowVersion: kept.rowVersion,
      retention,
    })
  for (const less of [null, advice, { ...invoice, from: '2020-01-01' }])
    expect((await mark(less)).json().code, JSON.stringify(less)).toBe('kept-by-law')
  for (const text of [
    'update kluis.file set deleted_at = now(), row_version = row_version + 1 where id = $1',
    'update kluis.file set retention_rule = null, key_slot = null, row_version = row_version + 1 where id = $1',
    "update kluis.file set retained_until = '2020-01-01', retained_from = '2001-01-01', row_version = row_version + 1 where id = $1",
    'update kluis.file set key_sealed = content_sealed, row_version = row_version + 1 where id = $1',
    'update kluis.file set key_seal_counter = 9, row_version = row_version + 1 where id = $1',
    'update kluis.file set content_seal_counter = 9, row_version = row_version + 1 where id = $1',
    'update kluis.file set content_sealed = key_sealed, row_version = row_version + 1 where id = $1',
    'update kluis.file set frame_count = 2, row_version = row_version + 1 where id = $1',
    'update kluis.file set completed_at = null, row_version = row_version + 1 where id = $1',
    'delete from kluis.file where id = $1',
  ])
    await expect(asApp(bea, text, [kept.id]), text).rejects.toMatchObject({ code: 'KL425' })
  await expect(
    asApp(
      bea,
      'update kluis.file set set_apart_at = now(), row_version = row_version + 1 where id = $1',
      [kept.id],
    ),
  ).rejects.toMatchObject({ code: '42501' })
  // The administrator of the database too, as long as they leave its triggers on; the ledger tells of the rest.
  await expect(
    kluis.admin.query('delete from kluis.file where id = $1', [kept.id]),
  ).rejects.toMatchObject({ code: 'KL425' })
  await expect(
    kluis.admin.query('delete from kluis.person where id = $1', [id]),
  ).rejects.toMatchObject({ code: 'KL425' })
  expect((await content(bea, kept.id)).body).toBe('balans')
})

test('until when a file is kept follows from the law and its day', async () => {
  const { id } = await person('Dagen')
  const until = async (retention: Rule) => (await file(id, 'stuk', retention)).retention!.until
  expect(await until(invoice)).toBe('2038-01-01')
  expect(await until({ rule: 'NL-FISC-7', from: '2027-03-15' })).toBe('2035-01-01')
  expect(await until({ rule: 'NL-ADV-1', from: '2024-02-29' })).toBe('2025-02-28')
  // As long as the relation lasts nobody knows.
  const research = await file(id, 'onderzoek', { rule: 'BE-AML-10', from: null })
  expect(research.retention).toEqual({ rule: 'BE-AML-10', from: null, until: null })
  const ended = await bea.call('PUT', `/api/files/${research.id}/retention`, {
    ...{ rowVersion: research.rowVersion, retention: { rule: 'BE-AML-10', from: '2026-06-30' } },
  })
  expect(ended.json().retention.until).toBe('2036-06-30')
  for (const [wrong, field] of [
    [{ rule: 'BE-FISC-10', from: null }, 'retention.from'],
    [{ rule: 'XX-NONE-1', from: '2026-01-01' }, 'retention.rule'],
    // Of a law that does not hold yet.
    [{ rule: 'EU-AML-5', from: null }, 'retention.rule'],
  ] as const) {
    const answer = await bea.call('POST', `/api/people/${id}/files`, {
      ...{ name: 'x.txt', size: 1, retention: wrong },
    })
    expect([answer.statusCode, answer.json().detail.fields[0].field]).toEqual([422, field])
  }
})

test('an open research is kept from the day its customer was erased', async () => {
  const { id } = await person('Onderzocht')
  const research = await file(id, 'id-bewijs', { rule: 'BE-AML-10', from: null })
  const begun = await begin(id, 'half', invoice)
  await erase(id)
  const [line] = (await retained('set-apart')).filter((one) => one.id === research.id)
  const today = new Date().toISOString().slice(0, 10)
  expect(line!.retention).toEqual({
    ...{ rule: 'BE-AML-10', from: today },
    until: `${Number(today.slice(0, 4)) + 10}${today.slice(4)}`,
  })
  // What had not wholly arrived is no document, and goes.
  expect((await kluis.admin.query('select from kluis.file where id = $1', [begun])).rowCount).toBe(
    0,
  )
})

test('a file is marked later, and by who looks after erasing unmarked, under its own key from then on', async () => {
  const { id } = await person('Later')
  const plain = await file(id, 'contract')
  const mark = async (retention: Rule | null, rowVersion: number, caller = bea) => {
    const path = caller === officer ? 'retained-files' : 'files'
    const answer = await caller.call('PUT', `/api/${path}/${plain.id}/retention`, {
      ...{ rowVersion, retention },
    })
    expect(answer.statusCode, answer.body).toBe(200)
    expect((await content(bea, plain.id)).body).toBe('contract')
    return answer.json() as FileLine
  }
  const { key_slot: ofPerson } = (
    await kluis.admin.query('select key_slot from kluis.person where id = $1', [id])
  ).rows[0]
  const marked = await mark(invoice, plain.rowVersion)
  const own = await slotsOf(plain.id)
  expect(own).toEqual({ key_slot: own.key_slot, content: own.key_slot, key: own.key_slot })
  expect(own.key_slot).not.toBe(ofPerson)
  const renamed = await bea.call('PATCH', `/api/files/${plain.id}`, {
    ...{ rowVersion: marked.rowVersion, name: 'overeenkomst.txt' },
  })
  expect(renamed.json().name).toBe('overeenkomst.txt')
  await mark(null, renamed.json().rowVersion, officer)
  // Unmarked it keeps its key, which goes with whom it is of.
  expect(await slotsOf(plain.id)).toEqual(own)
  const { certificate } = await erase(id)
  expect(certificate.keySlots).toContain(Number(own.key_slot))
  expect((await retained('set-apart')).map((one) => one.id)).not.toContain(plain.id)
})

test('a merge takes it along under its own key, and undoing gives it back', async () => {
  const [kept, other] = [await person('Blijft'), await person('Gaat op')]
  const one = await file(other.id, 'polis', invoice)
  const before = await slotsOf(one.id)
  const merged = await bea.call('POST', '/api/people/merges', {
    ...{ keptId: kept.id, keptVersion: 1, otherId: other.id, otherVersion: 1 },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  expect(await slotsOf(one.id)).toEqual(before)
  expect((await bea.call('GET', `/api/people/${kept.id}/files`)).json().items).toMatchObject([
    { id: one.id, name: 'polis.txt' },
  ])
  expect((await content(bea, one.id)).body).toBe('polis')
  const undone = await bea.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(undone.statusCode, undone.body).toBe(200)
  expect((await bea.call('GET', `/api/people/${other.id}/files`)).json().items).toHaveLength(1)
  expect((await content(bea, one.id)).body).toBe('polis')
})

test('when the keys of records are replaced it gets another of its own, and still opens', async () => {
  const { id } = await person('Wisselt')
  const one = await file(id, 'jaarrekening', invoice)
  const before = await slotsOf(one.id)
  for (const what of ['records', 'algorithm'] as const) {
    await kluis.app.keys.rotations.start({ what, rowsPerSecond: 100_000, by: null })
    await kluis.app.keys.rotations.ended()
    const { last, problem } = await kluis.app.keys.rotations.showAll()
    expect([problem, last[0]!.phase, last[0]!.unopened]).toEqual([null, 'done', 0])
  }
  const after = await slotsOf(one.id)
  expect(Number(after.key_slot)).toBeGreaterThan(Number(before.key_slot))
  expect(after).toEqual({ key_slot: after.key_slot, content: after.key_slot, key: after.key_slot })
  expect(kluis.keystore.slotKey(Number(before.key_slot))).toEqual({
    ...{ kind: 'closed', why: 'erased' },
  })
  expect((await content(bea, one.id)).body).toBe('jaarrekening')
})

test('what is over is erased by itself with a certificate, and all of it refused where one is still to be kept', async () => {
  const { id } = await person('Voorbij')
  const [over, running] = [await file(id, 'advies', advice), await file(id, 'factuur', invoice)]
  const [line] = (await retained('over')).filter((one) => one.id === over.id)
  expect(line).toMatchObject({ subject: { kind: 'person', id }, subjectName: 'Voorbij' })
  expect((await retained('over')).map((one) => one.id)).not.toContain(running.id)
  const end = (ids: string[], caller = officer) =>
    caller.call('POST', '/api/retained-files/erasures', { ids, reason: 'bewaartermijn voorbij' })
  expect((await end([over.id, running.id])).json().code).toBe('kept-by-law')
  expect((await end([over.id], bea)).statusCode).toBe(403)
  expect((await end([id])).statusCode).toBe(404)
  const { key_slot: slot } = await slotsOf(over.id)
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  const row = (await kluis.admin.query('select * from kluis.file where id = $1', [over.id])).rows[0]
  const done = await end([over.id])
  expect(done.statusCode, done.body).toBe(201)
  const { certificate } = done.json() as Erasure
  expect(certificate).toMatchObject({ kind: 'file', keySlots: [Number(slot)] })
  const gone = { kind: 'closed', why: 'erased' }
  expect(kluis.keystore.slotKey(Number(slot))).toEqual(gone)
  expect((await content(bea, over.id)).statusCode).toBe(404)
  expect((await content(bea, running.id)).body).toBe('factuur')
  // Database and keystore put back from before: the next start ends it again.
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  const names = Object.keys(row)
  await kluis.admin.query(
    `insert into kluis.file (${names}) values (${names.map((_, i) => `$${i + 1}`)})`,
    names.map((name) => row[name]),
  )
  expect((await bea.call('GET', `/api/people/${id}/files`)).body).toContain(over.id)
  expect(await kluis.app.keys.erasing.reapply()).toBe(1)
  expect(kluis.keystore.slotKey(Number(slot))).toEqual(gone)
  expect((await bea.call('GET', `/api/people/${id}/files`)).body).not.toContain(over.id)
})

test('after a copy from before an erasure is put back, the file opens for a purpose and nothing else of whom it was', async () => {
  const { id } = await person('Teruggezet')
  const kept = await file(id, 'nota', invoice)
  const other = await file(id, 'foto')
  const before = (await kluis.admin.query('select * from kluis.file where person_id = $1', [id]))
    .rows
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  await erase(id)
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  await kluis.admin.query('set session_replication_role = replica')
  for (const row of before)
    await kluis.admin.query('update kluis.file set set_apart_at = null where id = $1', [row.id])
  await kluis.admin.query('delete from kluis.erasure where subject_id = $1', [id])
  await kluis.admin.query('set session_replication_role = origin')
  expect((await content(bea, kept.id)).body).toBe('nota')
  expect(await kluis.app.keys.erasing.reapply()).toBeGreaterThan(0)
  expect((await content(bea, kept.id)).statusCode).toBe(404)
  expect((await content(bea, other.id)).statusCode).not.toBe(200)
  expect((await say(kept.id)).statusCode).toBe(201)
  expect((await content(officer, kept.id)).body).toBe('nota')
  await kluis.app.ledger.settle()
})

test('what was wrongly kept of somebody who was erased goes earlier, by an erasure that says so', async () => {
  const { id } = await person('Misbruikt')
  const kept = await file(id, 'geen factuur', invoice)
  const { key_slot: slot } = await slotsOf(kept.id)
  await erase(id)
  const end = (more: object) =>
    officer.call('POST', '/api/retained-files/erasures', {
      ...{ ids: [kept.id], reason: 'geen factuur', ...more },
    })
  expect((await end({})).json().code).toBe('kept-by-law')
  expect((await end({ isWronglyKept: true })).statusCode).toBe(201)
  expect(kluis.keystore.slotKey(Number(slot))).toEqual({ kind: 'closed', why: 'erased' })
  expect((await retained('set-apart')).map((one) => one.id)).not.toContain(kept.id)
})

test('whoever was erased gets no document that is kept, however the two come together', async () => {
  const { id } = await person('Weg')
  const plain = await file(id, 'brief')
  await erase(id)
  const later = await bea.call('PUT', `/api/files/${plain.id}/retention`, {
    ...{ rowVersion: plain.rowVersion, retention: invoice },
  })
  expect(later.statusCode).toBe(410)
  const begun = await bea.call('POST', `/api/people/${id}/files`, {
    ...{ name: 'x.txt', size: 1, retention: invoice },
  })
  expect([begun.statusCode, begun.json().code]).toEqual([410, 'record-erased'])
  // One that had looked before the erasure, and writes behind it.
  const other = await person('Gelijk')
  const eraser = await kluis.otherAdmin()
  const insert =
    "insert into kluis.erasure (kind, subject_id, complete_on, content_sealed) values ('person', $1, now(), '\\x4b5301'::bytea || decode(repeat('00', 100), 'hex'))"
  await eraser.query('begin')
  await eraser.query('select from kluis.person where id = $1 for update', [other.id])
  await eraser.query(insert, [other.id])
  const waiting = bea.call('POST', `/api/people/${other.id}/files`, {
    ...{ name: 'y.txt', size: 1, retention: invoice },
  })
  await expect
    .poll(async () => {
      const { rows } = await kluis.admin.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      )
      return rows.length
    })
    .toBeGreaterThan(0)
  await eraser.query('commit')
  await eraser.end()
  expect((await waiting).json().code).toBe('record-erased')
})

test('the key of a file that is gone is destroyed with whom it was of', async () => {
  const { id } = await person('Liet achter')
  const left = await begin(id, 'half', invoice)
  const over = await file(id, 'oud', advice)
  const slots = [(await slotsOf(left)).key_slot, (await slotsOf(over.id)).key_slot].map(Number)
  expect((await bea.call('DELETE', `/api/files/${left}/for-good`)).statusCode).toBe(200)
  expect((await bea.call('DELETE', `/api/files/${over.id}`)).statusCode).toBe(200)
  expect((await bea.call('DELETE', `/api/files/${over.id}/for-good`)).statusCode).toBe(200)
  for (const slot of slots) expect(kluis.keystore.slotKey(slot).kind).toBe('key')
  const { certificate } = await erase(id)
  expect(certificate.keySlots).toEqual(expect.arrayContaining(slots))
  for (const slot of slots)
    expect(kluis.keystore.slotKey(slot)).toEqual({ kind: 'closed', why: 'erased' })
})
