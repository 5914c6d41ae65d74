import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantAhead } from '../../../tests/support/grants.ts'
import { type Caller, cookie, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'
import {
  type Ceremony,
  SoftwareAuthenticator,
} from '../../../tests/support/software-authenticator.ts'

let kluis: TestKluis
let administrator: Caller
let an: Caller
let laptop: SoftwareAuthenticator

beforeAll(async () => {
  kluis = await openTestKluis()
  administrator = await kluis.setUp()
  an = await kluis.colleague(administrator, 'sales', administrator.teamId)
  laptop = new SoftwareAuthenticator()
  expect((await addPasskey(an, laptop)).statusCode).toBe(201)
})
afterAll(() => kluis.close())

async function addPasskey(person: Caller, device: SoftwareAuthenticator, ceremony?: Ceremony) {
  const options = await person.call('POST', '/api/passkeys/options')
  return kluis.send(
    'POST',
    '/api/passkeys',
    { name: 'Laptop', credential: device.register(options.json(), ceremony) },
    { kluis: person.token, 'kluis-pending': cookie(options, 'kluis-pending') },
  )
}

async function signIn(device: SoftwareAuthenticator, ceremony?: Ceremony) {
  const options = await kluis.send('POST', '/api/sign-in/passkey/options')
  const pending = cookie(options, 'kluis-pending')
  const credential = device.signIn(options.json(), ceremony)
  return { pending, credential, answer: await present(pending, credential) }
}
const present = (pending: string, credential: object) =>
  kluis.send('POST', '/api/sign-in/passkey', { credential }, { 'kluis-pending': pending })

describe('signing in', () => {
  test('a passkey that verified its owner opens a session by itself', async () => {
    const { answer } = await signIn(laptop)
    expect(answer.statusCode, answer.body).toBe(200)
    const session = await kluis.send('GET', '/api/session', undefined, {
      kluis: cookie(answer, 'kluis'),
    })
    expect(session.json().user.id).toBe(an.userId)
  })

  test.each<[string, Ceremony]>([
    ['nobody was verified on the device', { isVerified: false }],
    ['it was made for another name', { rpId: 'kluis.example' }],
    ['it came from another site', { origin: 'https://kluis.example' }],
    ['it came from another port', { origin: 'http://localhost:4311' }],
  ])('it is refused when %s', async (_, ceremony) => {
    const { answer } = await signIn(laptop, ceremony)
    expect(answer.json().code).toBe('wrong-credentials')
    expect(answer.cookies.some((one) => one.name === 'kluis')).toBe(false)
  })

  test('an answer is good once, for the browser that asked', async () => {
    const { pending, credential, answer } = await signIn(laptop)
    expect(answer.statusCode).toBe(200)
    expect((await present(pending, credential)).json().code).toBe('sign-in-expired')
    const other = cookie(await kluis.send('POST', '/api/sign-in/passkey/options'), 'kluis-pending')
    expect((await present(other, credential)).json().code).toBe('wrong-credentials')
    const made = Buffer.from(other, 'base64url')
    made[3]! ^= 1
    expect((await present(made.toString('base64url'), credential)).json().code).toBe(
      'sign-in-expired',
    )
  })

  test('a question older than five minutes is no question any more', async () => {
    const { signIn: rules } = kluis.app
    const asked = await rules.passkeyOptions(new Date(Date.now() - 5 * 60_000 - 1_000))
    const browser = { address: '127.0.0.1', userAgent: null, deviceToken: undefined }
    await expect(
      rules.passkey(asked.token, laptop.signIn(asked.options), browser, new Date()),
    ).rejects.toMatchObject({ code: 'sign-in-expired' })
  })

  test('an unknown passkey and a copied one whose counter went back are one answer', async () => {
    const unknown = (await signIn(new SoftwareAuthenticator())).answer
    await kluis.admin.query(
      'update kluis_auth.passkey set sign_count = 4000 where credential_id = $1',
      [laptop.credentialId],
    )
    const copied = (await signIn(laptop)).answer
    expect(copied.body).toBe(unknown.body)
    expect(copied.statusCode).toBe(401)
    await kluis.admin.query(
      'update kluis_auth.passkey set sign_count = 0 where credential_id = $1',
      [laptop.credentialId],
    )
  })

  test('a challenge for adding a passkey signs nobody in', async () => {
    const options = await an.call('POST', '/api/passkeys/options')
    const { challenge, rp } = options.json()
    const credential = laptop.signIn({ challenge, rpId: rp.id })
    const answer = await present(cookie(options, 'kluis-pending'), credential)
    expect(answer.json().code).toBe('sign-in-expired')
  })
})

describe('adding and removing', () => {
  test.each<[string, Ceremony]>([
    ['nobody was verified on the device', { isVerified: false }],
    ['it was made for another name', { rpId: 'kluis.example' }],
    ['it came from another site', { origin: 'https://kluis.example' }],
  ])('a passkey is not taken when %s', async (_, ceremony) => {
    const answer = await addPasskey(an, new SoftwareAuthenticator(), ceremony)
    expect(answer.json().code).toBe('second-factor-wrong')
  })

  test("a colleague's question can't be answered in one's own name", async () => {
    const options = await administrator.call('POST', '/api/passkeys/options')
    const answer = await kluis.send(
      'POST',
      '/api/passkeys',
      { name: 'x', credential: new SoftwareAuthenticator().register(options.json()) },
      { kluis: an.token, 'kluis-pending': cookie(options, 'kluis-pending') },
    )
    expect(answer.json().code).toBe('sign-in-expired')
  })

  test('the same device is asked not to enrol twice, and a copy is refused', async () => {
    const options = (await an.call('POST', '/api/passkeys/options')).json()
    expect(options.excludeCredentials.map((one: { id: string }) => one.id)).toContain(
      laptop.credentialId.toString('base64url'),
    )
    expect(options.authenticatorSelection.userVerification).toBe('required')
    expect((await addPasskey(an, laptop)).json().code).toBe('already-done')
  })

  test('the last thing to sign in with stays, even when two are removed at once', async () => {
    const bo = await kluis.colleague(administrator, 'sales', administrator.teamId)
    for (const device of [new SoftwareAuthenticator(), new SoftwareAuthenticator()])
      await addPasskey(bo, device)
    await kluis.admin.query('delete from kluis_auth.totp where user_id = $1', [bo.userId])
    const list = (await bo.call('GET', '/api/passkeys')).json().items as {
      id: string
      name: string
    }[]
    const paths = list
      .filter((one) => one.name === 'Laptop')
      .map((one) => `/api/passkeys/${one.id}`)
    const grants: { 'kluis-grant': string }[] = []
    for (const path of paths) grants.push(await grantAhead(kluis, bo, 'DELETE', path))
    await kluis.admin.query(`delete from kluis_auth.passkey where user_id = $1 and name = 'test'`, [
      bo.userId,
    ])
    // Held for a moment, so that both requests have counted before either deletes.
    await kluis.admin.query('begin')
    await kluis.admin.query('select id from kluis_auth.passkey where user_id = $1 for update', [
      bo.userId,
    ])
    const asked = paths.map((path, i) =>
      kluis.send('DELETE', path, undefined, { kluis: bo.token }, grants[i]),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    await kluis.admin.query('commit')
    const answers = await Promise.all(asked)
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.statusCode === 409)!.json().code).toBe('last-factor')
  })

  test("a foreign passkey does not exist: it can't be removed", async () => {
    const [{ id }] = (await an.call('GET', '/api/passkeys')).json().items
    const answer = await administrator.call('DELETE', `/api/passkeys/${id}`)
    expect(answer.json().code).toBe('not-found')
    expect((await signIn(laptop)).answer.statusCode).toBe(200)
  })
})

test('somebody may join with a passkey alone, and then has no password to guess', async () => {
  const invited = await administrator.call('POST', '/api/invites', {
    email: 'zonder@bureau.example',
    name: 'Zon Der',
    roleId: 'support',
    teamId: administrator.teamId,
  })
  const token = new URL(invited.json().link).pathname.split('/')[2]
  const begun = await kluis.send('POST', `/api/join/${token}`, { name: 'Zon Der', language: 'nl' })
  const pending = { 'kluis-pending': cookie(begun, 'kluis-pending') }
  const code = await kluis.send('POST', '/api/enrol/totp', { code: '123456' }, pending)
  expect(code.json()).toMatchObject({ code: 'weak-password', detail: { why: 'missing' } })
  const device = new SoftwareAuthenticator()
  const options = await kluis.send('POST', '/api/enrol/passkey/options', {}, pending)
  const unverified = await kluis.send(
    'POST',
    '/api/enrol/passkey',
    { name: '', credential: device.register(options.json(), { isVerified: false }) },
    pending,
  )
  expect(unverified.json().code).toBe('second-factor-wrong')
  const enrolled = await kluis.send(
    'POST',
    '/api/enrol/passkey',
    { name: 'Telefoon', credential: device.register(options.json()) },
    pending,
  )
  expect(enrolled.statusCode, enrolled.body).toBe(200)
  expect(enrolled.json()).toMatchObject({ recoveryShares: null })
  expect(enrolled.json().recoveryCodes).toHaveLength(10)
  expect((await signIn(device)).answer.statusCode).toBe(200)
  const list = (await administrator.call('GET', '/api/users')).json().items
  expect(list.find((one: { name: string }) => one.name === 'Zon Der').factors).toEqual({
    hasPassword: false,
    hasTotp: false,
    passkeys: 1,
  })
})
