/**
 * Somebody who signs in at the organisation's provider, and nowhere else, steps up there. The attacker has their session, or
 * stands at the provider with another account, or leads their browser.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HostileProvider, startHostileProvider } from '../support/hostile-provider.ts'
import {
  addProvider,
  comeBack,
  type IdentityProvider,
  type Known,
  ledTo,
  settingsOf,
  signInBy,
  startIdentityProvider,
  tryAndSwitchOn,
  visit,
} from '../support/identity-provider.ts'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'

let kluis: TestKluis
let admin: Caller
let hostile: HostileProvider
let known: Known
let theirs: IdentityProvider
let honest: Known
/** Came in by the provider, with the second factor proven there. */
let marie: string

const EXPORT = '/api/people/export.csv'
const now = () => Math.floor(Date.now() / 1000)
const mfa = { sub: 'marie', email: 'marie@bureau.example', amr: ['pwd', 'mfa'] }

beforeAll(async () => {
  kluis = await openTestKluis()
  admin = await kluis.setUp('team')
  hostile = await startHostileProvider()
  theirs = await startIdentityProvider()
  const manager = { everyoneElse: { roleId: 'manager', teamId: admin.teamId } }
  known = await addProvider(admin, settingsOf(hostile.issuer, admin.teamId, manager))
  await tryAndSwitchOn(kluis, admin, known.id, '')
  honest = await addProvider(
    admin,
    settingsOf(theirs.issuer, admin.teamId, {
      ...manager,
      ...{ name: 'Echt', domains: ['elders.example'] },
    }),
  )
  theirs.serve(honest.callback, honest.signedOut)
  theirs.people.set('nina', {
    ...{ sub: 'nina', email: 'nina@elders.example', email_verified: true, amr: ['mfa'] },
  })
  await tryAndSwitchOn(kluis, admin, honest.id, 'nina')
  hostile.mischief = { claims: mfa }
  marie = cookie(await signInBy(kluis, known.id, ''), 'kluis')
})
beforeEach(() => {
  hostile.mischief = { claims: { ...mfa, auth_time: now() } }
})
afterAll(async () => {
  await kluis.close()
  await Promise.all([hostile.close(), theirs.close()])
})

type Begun = { asked: object; provider: { url: string; ceremony: string } | null; sealed: string }
/** What the dialog does: what the request lacks, and where to go for it. */
async function begin(token: string, url = EXPORT): Promise<Begun> {
  const refused = (await kluis.send('GET', url, undefined, { kluis: token })).json()
  expect(refused.code).toBe('step-up-needed')
  const { operation, request } = refused.detail
  const asked = { operation, request }
  const ways = await kluis.send('POST', '/api/step-up/options', asked, { kluis: token })
  const { provider } = ways.json()
  return { asked, provider, sealed: provider ? cookie(ways, 'kluis-provider') : '' }
}
const grant = (token: string, { asked, provider }: Begun, code = '') =>
  kluis.send(
    'POST',
    '/api/step-up',
    { ...asked, proof: { kind: 'provider', ceremony: provider!.ceremony, code } },
    { kluis: token },
  )
const there = async (begun: Begun, login = '') =>
  comeBack(kluis, await visit(begun.provider!.url, login), begun.sealed)
const isBack = async (token: string, { asked, provider }: Begun) =>
  (
    await kluis.send(
      'POST',
      '/api/step-up/elsewhere',
      { ...asked, ceremony: provider!.ceremony },
      { kluis: token },
    )
  ).json()

test('whoever signs in anew at a real provider, with a second factor there, exports once', async () => {
  const nina = cookie(await signInBy(kluis, honest.id, 'nina'), 'kluis')
  const begun = await begin(nina)
  const url = new URL(begun.provider!.url)
  expect(url.origin).toBe(theirs.issuer)
  expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0'])
  expect(await isBack(nina, begun)).toEqual({ isBack: false, asksCode: false })
  expect((await grant(nina, begun)).json().code).toBe('sign-in-expired')
  expect(ledTo(await there(begun, 'nina'))).toBe('/sign-in?provider=tab-done')
  expect(await isBack(nina, begun)).toEqual({ isBack: true, asksCode: false })
  const granted = await grant(nina, begun)
  expect(granted.statusCode, granted.body).toBe(200)
  const headers = { 'kluis-grant': granted.json().grant }
  const send = () => kluis.send('GET', EXPORT, undefined, { kluis: nina }, headers)
  expect((await send()).statusCode).toBe(200)
  expect((await send()).json().code).toBe('step-up-needed')
  expect((await grant(nina, begun)).json().code).toBe('sign-in-expired')
  const { rows } = await kluis.admin.query(
    `select detail from kluis_ledger.outbox where purpose = 'step-up' order by id desc limit 1`,
  )
  expect(rows[0].detail).toMatchObject({ operation: 'export', factor: 'provider' })
})

test.each<[string, object, string]>([
  ['of somebody else', { sub: 'other', auth_time: now() }, 'somebody-else'],
  ['of an hour ago', { auth_time: now() - 3600 }, 'not-anew'],
  ['that does not say when', { auth_time: undefined }, 'not-anew'],
  ['whose moment is a word', { auth_time: 'now' }, 'answer-not-right'],
  ['of another sign-in', { auth_time: now(), nonce: 'another' }, 'answer-not-right'],
])('an answer %s confirms nothing', async (_, claims, why) => {
  const begun = await begin(marie)
  hostile.mischief = { claims: { ...mfa, ...claims } }
  expect(ledTo(await there(begun))).toMatch(new RegExp(`^/sign-in\\?provider=(${why})`))
  expect(await isBack(marie, begun)).toEqual({ isBack: false, asksCode: false })
  expect((await grant(marie, begun)).json().code).toBe('sign-in-expired')
})

test('what was confirmed is for one session and one request, and comes back in the browser that went', async () => {
  const other = cookie(await signInBy(kluis, known.id, ''), 'kluis')
  const begun = await begin(marie)
  // Led there by somebody else: the browser that comes back began nothing.
  const led = await comeBack(kluis, await visit(begun.provider!.url, ''), undefined)
  expect(ledTo(led)).toBe('/sign-in?provider=expired')
  const again = await begin(marie)
  expect(ledTo(await there(again))).toBe('/sign-in?provider=tab-done')
  // A session of the same person, and another request of the same session.
  expect(await isBack(other, again)).toEqual({ isBack: false, asksCode: false })
  expect((await grant(other, again)).json().code).toBe('sign-in-expired')
  const vcards = await begin(marie, '/api/people/export.vcf')
  expect((await grant(marie, { ...again, asked: vcards.asked })).json().code).toBe(
    'sign-in-expired',
  )
  expect((await grant(marie, again)).statusCode).toBe(200)
})

test('an answer to a step-up opens no session, and one to a sign-in confirms nothing', async () => {
  const begun = await begin(marie)
  const came = await there(begun)
  expect(came.cookies.some(({ name, value }) => name === 'kluis' && value !== '')).toBe(false)
  const signIn = await kluis.send('POST', '/api/sign-in/provider/begin', { providerId: known.id })
  const { searchParams } = new URL(signIn.json().url)
  await comeBack(kluis, await visit(signIn.json().url, ''), cookie(signIn, 'kluis-provider'))
  const provider = { url: '', ceremony: searchParams.get('state')! }
  expect((await grant(marie, { ...begun, provider })).json().code).toBe('sign-in-expired')
})

test('without a second factor at the provider a code of one’s own is asked beside it', async () => {
  const claims = { sub: 'cas', email: 'cas@bureau.example', amr: ['pwd'] }
  hostile.mischief = { claims }
  const enrols = ledTo(await signInBy(kluis, known.id, ''))
  const joined = await kluis.send('POST', `/api${enrols}`, {
    ...{ name: 'Cas', password: 'paard batterij nietje correct', language: 'nl' },
  })
  const { secret } = joined.json().totp
  const done = await kluis.send(
    'POST',
    '/api/enrol/totp',
    { code: codeNow(secret) },
    { 'kluis-pending': cookie(joined, 'kluis-pending') },
  )
  const cas = cookie(done, 'kluis')
  hostile.mischief = { claims: { ...claims, auth_time: now() } }
  const begun = await begin(cas)
  await there(begun)
  expect(await isBack(cas, begun)).toEqual({ isBack: true, asksCode: true })
  for (const wrong of ['', '000000', codeNow(secret)])
    expect((await grant(cas, begun, wrong)).json().code).toBe('second-factor-wrong')
  const granted = await grant(cas, begun, codeNow(secret, 1))
  expect(granted.statusCode, granted.body).toBe(200)
})

test('whoever has a passkey, and whose role asks for one, is not sent to the provider', async () => {
  const begun = await begin(marie)
  await there(begun)
  const keep = (asks: string) =>
    kluis.admin.query(
      `insert into kluis_auth.role_sign_in (role_id, idle_minutes, absolute_minutes, asks, recovered_by) values ('manager', 90, 720, $1, 1)
       on conflict (role_id) do update set asks = $1, row_version = role_sign_in.row_version + 1`,
      [asks],
    )
  await keep('passkey')
  expect((await begin(marie)).provider).toBeNull()
  expect((await grant(marie, begun)).json().code).toBe('second-factor-wrong')
  await keep('two-factors')
  expect((await begin(marie)).provider).not.toBeNull()
  // The way to one: a passkey of one's own is added with what the provider confirms.
  const refused = await kluis.send('POST', '/api/passkeys/options', undefined, { kluis: marie })
  expect(refused.json().detail.operation).toBe('change-factors')
})

test('who is unlinked, or whose provider is off, has nothing confirmed any more', async () => {
  const begun = await begin(marie)
  await there(begun)
  const me = (await kluis.send('GET', '/api/session', undefined, { kluis: marie })).json().user.id
  await kluis.admin.query('delete from kluis_auth.federated_identity where user_id = $1', [me])
  expect((await grant(marie, begun)).json().code).toBe('sign-in-expired')
  expect((await begin(marie)).provider).toBeNull()
})
