import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Erasure, Erasures } from '#security/vault/erasing/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let officer: Caller
const keys = () => join(kluis.directory, 'keystore')
const copies = () => join(kluis.directory, 'copy')

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('everyone')
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
})
afterAll(() => kluis.close())

type Made = { id: string; rowVersion: number }
const made = async (path: string, body: object): Promise<Made> => {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (familyName: string) =>
  made('/api/people', { familyName, emails: [{ value: `${familyName}@klant.example` }] })
const dossier = async (id: string) => (await bea.call('GET', `/api/people/${id}`)).statusCode
const foundByMail = async (familyName: string) =>
  (
    await bea.call('POST', '/api/people/duplicates', {
      emails: [`${familyName}@klant.example`],
    })
  ).json().items.length
const erase = (id: string, kind = 'person') =>
  officer.call('POST', '/api/erasures', { subject: { kind, id }, reason: 'vroeg erom, 3 mei' })

test('an erased person opens for nobody, is found by nothing, and stands in a signed certificate', async () => {
  const { id } = await person('weg')
  const stays = await person('blijft')
  await made(`/api/people/${id}/notes`, { body: 'belde over de offerte' })
  expect(await foundByMail('weg')).toBe(1)
  const answer = await erase(id)
  expect(answer.statusCode, answer.body).toBe(201)
  const { certificate, note, text } = answer.json() as Erasure
  expect(await dossier(id)).toBe(410)
  expect(await foundByMail('weg')).toBe(0)
  expect(await dossier(stays.id)).toBe(200)
  const rows = await kluis.admin.query(
    'select key_slot from kluis.person where id = $1 union all select 0 from kluis.person_lookup where person_id = $1',
    [id],
  )
  expect(certificate.keySlots).toEqual(rows.rows.map((row) => Number(row.key_slot)))
  expect(certificate.records).toEqual([kluis.app.ledger.nameOf('kluis.person', id)])
  expect(JSON.stringify(certificate)).not.toContain(id)
  expect(kluis.app.ledger.isSigned(note)).toBe(true)
  expect(kluis.app.ledger.isSigned(note.replace('3 mei', '4 mei'))).toBe(false)
  expect(text).toContain('Verklaring van wissing')
  expect(text).toContain(`until ${certificate.completeOn}`)
  expect(certificate.remains.map(({ where }) => where)).toContain('write-ahead-log')
  expect((await officer.call('GET', '/api/erasures')).json().items[0].certificate).toEqual(
    certificate,
  )
  await kluis.app.ledger.settle()
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('whoever is erased is found by their name no more, without a restart', async () => {
  const { id } = await person('vindbaar')
  const found = async () =>
    (await officer.call('GET', '/api/people?search=vindbaar')).json().items.length
  expect(await found()).toBe(1)
  await erase(id)
  expect(await found()).toBe(0)
})

test('whoever saves at the moment of an erasure leaves nothing that the record is found by', async () => {
  const { id } = await person('botst')
  const holder = await kluis.otherAdmin()
  await holder.query('begin')
  await holder.query('select from kluis.person where id = $1 for update', [id])
  const waiting = async (count: number) =>
    expect
      .poll(
        async () => {
          const { rows } = await kluis.admin.query(
            `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
          return rows[0].n
        },
        { timeout: 20_000 },
      )
      .toBe(count)
  const erasing = erase(id)
  await waiting(1)
  const saving = bea.call('PATCH', `/api/people/${id}`, {
    rowVersion: 1,
    emails: [{ value: 'later@klant.example' }],
  })
  await waiting(2)
  await holder.query('commit')
  await holder.end()
  expect((await erasing).statusCode).toBe(201)
  await saving
  const { rows } = await kluis.admin.query('select from kluis.person_lookup where person_id = $1', [
    id,
  ])
  expect(rows).toHaveLength(0)
})

test('whoever was merged into an erased person is erased with them', async () => {
  const [kept, other] = [await person('blijvend'), await person('opgegaan')]
  const merged = await bea.call('POST', '/api/people/merges', {
    ...{ keptId: kept.id, keptVersion: 1 },
    ...{ otherId: other.id, otherVersion: 1 },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  const { rows } = await kluis.admin.query('select key_slot from kluis.person where id = any($1)', [
    [kept.id, other.id],
  ])
  const answer = await erase(kept.id)
  expect(answer.statusCode, answer.body).toBe(201)
  expect(rows).toHaveLength(2)
  for (const { key_slot: slot } of rows)
    expect(kluis.keystore.slotKey(Number(slot))).toEqual({ kind: 'closed', why: 'erased' })
})

test('whoever may not erase, or does not see the record, erases nothing', async () => {
  const { id } = await person('houdt')
  const subject = { kind: 'person', id }
  const asked = { subject, reason: 'zomaar' }
  expect((await bea.call('POST', '/api/erasures', asked)).statusCode).toBe(403)
  expect((await bea.call('GET', '/api/erasures')).statusCode).toBe(403)
  expect((await erase(bea.userId)).statusCode).toBe(404)
  const bare = await kluis.send('POST', '/api/erasures', asked, { kluis: officer.token })
  expect(bare.json().code).toBe('step-up-needed')
  expect(await dossier(id)).toBe(200)
})

test('a keystore put back from before an erasure loses those keys again', async () => {
  const { id } = await person('terug')
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  await erase(id)
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  expect(await dossier(id)).toBe(200)
  expect(await kluis.app.keys.erasing.reapply()).toBeGreaterThan(0)
  expect(await dossier(id)).toBe(410)
  expect(await kluis.app.keys.erasing.reapply()).toBe(0)
})

test('what hangs on an erased record under another key than was destroyed, as in a copy of before, goes with it', async () => {
  const { id } = await person('anders')
  await erase(id)
  const slot = 3_000
  const header = Buffer.alloc(12)
  header.write('KS\x01\x03', 'latin1')
  header.writeBigUInt64BE(BigInt(slot), 4)
  await kluis.admin.query('insert into kluis.note (person_id, content_sealed) values ($1, $2)', [
    id,
    Buffer.concat([header, Buffer.alloc(100)]),
  ])
  expect(kluis.keystore.slotKey(slot).kind).toBe('key')
  expect(await kluis.app.keys.erasing.reapply()).toBe(1)
  expect(kluis.keystore.slotKey(slot)).toEqual({ kind: 'closed', why: 'erased' })
})

test('a database and a keystore put back from before an erasure lose it again, by the file beside them', async () => {
  const { id } = await person('beide')
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  const lookups = (
    await kluis.admin.query('select * from kluis.person_lookup where person_id = $1', [id])
  ).rows[0]
  const { certificate } = (await erase(id)).json() as Erasure
  const files = join(kluis.directory, 'ledger/erasures')
  expect(readdirSync(files)).toContain(`${certificate.id}.json`)
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  await kluis.admin.query('delete from kluis.erasure where id = $1', [certificate.id])
  await kluis.admin.query('insert into kluis.person_lookup values ($1, $2, $3)', [
    id,
    lookups.kind,
    lookups.token,
  ])
  expect(await foundByMail('beide')).toBe(1)
  expect(await kluis.app.keys.erasing.reapply()).toBeGreaterThan(0)
  expect(await dossier(id)).toBe(410)
  expect(await foundByMail('beide')).toBe(0)
  const again = (await officer.call('GET', '/api/erasures')).json().items as Erasure[]
  expect(again.find((one) => one.id === certificate.id)?.certificate).toEqual(certificate)
})

test('an erasure that a kill cut off before the key was destroyed is ended by the next start', async () => {
  const { id } = await person('half')
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  const { certificate } = (await erase(id)).json() as Erasure
  const file = join(kluis.directory, 'ledger/erasures', `${certificate.id}.json`)
  // As it is between the row and the keystore: the row is there, the key too, the file not yet.
  const before = readFileSync(file, 'utf8')
  rmSync(file)
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  await kluis.app.keys.erasing.reapply()
  expect(await dossier(id)).toBe(410)
  expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(before)
})

/** As a disk does it: past every trigger. */
async function flipOneBit(id: string): Promise<void> {
  await kluis.admin.query('set session_replication_role = replica')
  await kluis.admin.query(
    'update kluis.erasure set content_sealed = set_byte(content_sealed, 60, get_byte(content_sealed, 60) # 1) where id = $1',
    [id],
  )
  await kluis.admin.query('set session_replication_role = origin')
}

test('an erasure that does not open hides no other, is named, and is done again from its signed file', async () => {
  const { id } = await person('dicht')
  rmSync(copies(), { recursive: true, force: true })
  cpSync(keys(), copies(), { recursive: true })
  const { certificate } = (await erase(id)).json() as Erasure
  await flipOneBit(certificate.id)
  const answer = await officer.call('GET', '/api/erasures')
  expect(answer.statusCode, answer.body).toBe(200)
  const { items, closed } = answer.json() as Erasures
  expect(items.length).toBeGreaterThan(0)
  expect(items.map((one) => one.id)).not.toContain(certificate.id)
  expect(closed).toEqual([
    {
      id: certificate.id,
      kind: 'person',
      record: certificate.records[0],
      event: certificate.event,
      erasedAt: expect.stringMatching(/^20/),
      completeOn: certificate.completeOn,
    },
  ])
  // A copy of the keys of before is put back, and the record's row is gone: the keys are named by the file alone.
  rmSync(keys(), { recursive: true })
  cpSync(copies(), keys(), { recursive: true })
  const opens = () => kluis.keystore.slotKey(certificate.keySlots[0]!).kind
  expect(opens()).toBe('key')
  await kluis.admin.query('set session_replication_role = replica')
  await kluis.admin.query('delete from kluis.person where id = $1', [id])
  await kluis.admin.query('set session_replication_role = origin')
  const file = join(kluis.directory, 'ledger/erasures', `${certificate.id}.json`)
  const kept = readFileSync(file)
  writeFileSync(file, kept.toString().replace('"slots\\":[', '"slots\\":[70,'))
  await expect(kluis.app.keys.erasing.reapply()).rejects.toThrow(`put ${certificate.id}.json back`)
  expect(opens()).toBe('key')
  writeFileSync(file, kept)
  await kluis.app.keys.erasing.reapply()
  expect(kluis.keystore.slotKey(certificate.keySlots[0]!)).toEqual({
    kind: 'closed',
    why: 'erased',
  })
  await flipOneBit(certificate.id)
})

test('a file nobody signed erases nobody', async () => {
  const { id } = await person('vals')
  const files = join(kluis.directory, 'ledger/erasures')
  const [name] = readdirSync(files)
  const kept = JSON.parse(readFileSync(join(files, name!), 'utf8'))
  const { rows } = await kluis.admin.query('select gen_random_uuid() as id')
  const said = JSON.parse(kept.tombstone.split('\n')[0])
  const forged = {
    ...kept,
    tombstone: kept.tombstone.replace(
      kept.tombstone.split('\n')[0],
      JSON.stringify({ ...said, id: rows[0].id, subject_id: id }),
    ),
  }
  writeFileSync(join(files, `${rows[0].id}.json`), JSON.stringify(forged))
  await kluis.app.keys.erasing.reapply()
  expect(await dossier(id)).toBe(200)
  rmSync(join(files, `${rows[0].id}.json`))
})

test("a sole trader's company goes with its owner; one where others work too stays, and is named", async () => {
  const owner = await person('eenmans')
  const colleague = await person('medewerker')
  const own = await made('/api/companies', { name: 'Eigen zaak', isSoleTrader: true })
  const common = await made('/api/companies', { name: 'Gedeelde zaak', isSoleTrader: true })
  const large = await made('/api/companies', { name: 'Grote zaak BV' })
  for (const [personId, companyId] of [
    [owner.id, own.id],
    [owner.id, common.id],
    [owner.id, large.id],
    [colleague.id, common.id],
  ])
    await made(`/api/people/${personId}/affiliations`, { companyId })
  const subject = { kind: 'person' as const, id: owner.id }
  const plan = await kluis.app.keys.erasing.plan(subject)
  expect(plan).toMatchObject({ soleTraderCompanies: [own.id], left: [common.id], merged: 0 })
  await erase(owner.id)
  const company = async (id: string) => (await bea.call('GET', `/api/companies/${id}`)).statusCode
  expect(await Promise.all([own.id, common.id, large.id].map(company))).toEqual([410, 200, 200])
  expect(await dossier(colleague.id)).toBe(200)
})

test('whoever is about to erase is told what goes and stays: companies they see by id, others as a number', async () => {
  const owner = await person('plant')
  const own = await made('/api/companies', { name: 'Plant zelf', isSoleTrader: true })
  const common = await made('/api/companies', { name: 'Plant samen', isSoleTrader: true })
  const other = await person('helpt')
  for (const [personId, companyId] of [
    [owner.id, own.id],
    [owner.id, common.id],
    [other.id, common.id],
  ])
    await made(`/api/people/${personId}/affiliations`, { companyId })
  const plan = async (who: Caller, id: string, days = '?graceDays=10') =>
    who.call('GET', `/api/people/${id}/erasure-plan${days}`)
  const told = (await plan(officer, owner.id)).json()
  expect(told).toMatchObject({
    ...{ merged: 0, keySlots: 2, soleTraderCompanies: [own.id], left: [common.id] },
    unseen: { soleTraderCompanies: 0, left: 0 },
  })
  // In the very words of the certificate.
  const { text } = (await erase(other.id)).json() as Erasure
  const line = (day: number) =>
    told.remains.nl[0].replace(/\d{4}-\d\d-\d\d/, daysFromNow(day)) as string
  expect(told.remains.nl[0]).toContain(daysFromNow(10))
  expect(text).toContain(`- ${line(30)}`)
  expect(text).toContain(`- ${told.remains.en[1]}`)
  // A company that went out of their sight is counted, and not named by its id.
  await kluis.admin.query(
    `update kluis.role_permission set scope = 'own', row_version = row_version + 1
     where role_id = 'privacy-officer' and permission = 'companies:see'`,
  )
  kluis.app.who.forgetAll()
  expect((await plan(officer, owner.id)).json()).toMatchObject({
    ...{ soleTraderCompanies: [], left: [], keySlots: 2 },
    unseen: { soleTraderCompanies: 1, left: 1 },
  })
  await kluis.admin.query(
    `update kluis.role_permission set scope = 'organisation', row_version = row_version + 1
     where role_id = 'privacy-officer' and permission = 'companies:see'`,
  )
  kluis.app.who.forgetAll()
  expect((await plan(officer, owner.id, '?graceDays=-1')).statusCode).toBe(422)
})
const daysFromNow = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('whoever may not erase is told of no plan, and learns of an erased record only that and when it was', async () => {
  const { id } = await person('verteld')
  const nowhere = '00000000-0000-4000-8000-000000000000'
  for (const one of [id, nowhere]) {
    const refused = await bea.call('GET', `/api/people/${one}/erasure-plan`)
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'not-allowed'])
  }
  const state = (one: string) => officer.call('GET', `/api/people/${one}/erasure`)
  expect((await state(id)).json()).toEqual({ erased: null })
  expect((await state(nowhere)).statusCode).toBe(404)
  expect((await officer.call('GET', `/api/people/${nowhere}/erasure-plan`)).statusCode).toBe(404)
  const done = (await erase(id)).json() as Erasure
  const { erasedAt, completeOn } = done.certificate
  const told = async (who: Caller) =>
    (await who.call('GET', `/api/people/${id}/erasure`)).json().erased
  expect(await told(bea)).toEqual({ erasedAt, completeOn, erasure: null })
  expect(await told(officer)).toEqual({ erasedAt, completeOn, erasure: done })
  expect(done.by).toBe(officer.userId)
  // To whom the record is out of sight it is as if it had never been.
  const sales = await kluis.colleague(bea, 'sales', await kluis.newTeam('Elders'))
  await kluis.reach('own')
  expect((await sales.call('GET', `/api/people/${id}/erasure`)).statusCode).toBe(404)
  await kluis.reach('organisation')
})

test('an erasure that waits names its record to a decider who sees it, and is only counted to another', async () => {
  const { id } = await person('gevraagd')
  const decider = await kluis.colleague(bea, 'manager', await kluis.newTeam('Verderop'))
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  const { rowVersion } = (await bea.call('GET', '/api/safeguards')).json()
  const fourEyes = { rowVersion, fourEyes: ['erase'], breakGlassMinutes: 60 }
  expect((await bea.call('PUT', '/api/safeguards', fourEyes)).statusCode).toBe(200)
  const body = { subject: { kind: 'person', id }, reason: 'vroeg erom' }
  const why = { 'kluis-reason': encodeURIComponent('Brief van 3 mei ligt hier') }
  const asked = await kluis.send('POST', '/api/erasures', body, { kluis: officer.token }, why)
  expect(asked.json().code).toBe('approval-asked')
  const told = async () =>
    (await decider.call('GET', `/api/approvals/${asked.json().detail.id}/records`)).json()
  expect(await told()).toEqual({
    count: 1,
    items: [{ kind: 'person', id, name: 'gevraagd' }],
    hidden: 0,
  })
  await kluis.reach('own')
  expect(await told()).toEqual({ count: 1, items: [], hidden: 1 })
  expect(await dossier(id)).toBe(200)
})
