import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantAhead } from '../../../tests/support/grants.ts'
import {
  type Caller,
  codeNow,
  cookie,
  openTestKluis,
  type TestKluis,
} from '../../../tests/support/kluis.ts'
import { userVerbs } from './verbs.ts'

let kluis: TestKluis
let administrator: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  administrator = await kluis.setUp()
})
afterAll(() => kluis.close())

const newColleague = (roleId = 'sales') =>
  kluis.colleague(administrator, roleId, administrator.teamId)
const tokenOf = (link: string) => new URL(link).pathname.split('/')[2]
const join = (link: string, code?: string) =>
  kluis.send('POST', `/api/join/${tokenOf(link)}`, {
    name: 'Nieuwe Naam',
    password: 'paard batterij nietje correct',
    language: 'nl',
    ...(code ? { code } : {}),
  })
const enrol = (begun: Awaited<ReturnType<typeof join>>) =>
  kluis.send(
    'POST',
    '/api/enrol/totp',
    { code: codeNow(begun.json().totp.secret) },
    { 'kluis-pending': cookie(begun, 'kluis-pending') },
  )
const half = (person: Caller) =>
  kluis.send('POST', '/api/sign-in', { email: person.email, password: person.password })
async function invite(email: string): Promise<string> {
  const invited = await administrator.call('POST', '/api/invites', {
    email,
    name: 'Gast',
    roleId: 'sales',
    teamId: administrator.teamId,
  })
  expect(invited.statusCode, invited.body).toBe(201)
  return invited.json().link
}
/** Who the ledger's outbox names for the newest entry about this row. */
async function actorOf(rowId: string, sign: string): Promise<string | null> {
  const { rows } = await kluis.admin.query(
    `select actor_id from kluis_ledger.outbox o where row_id = $1 and row_to_json(o)::text like $2 order by id desc limit 1`,
    [rowId, `%${sign}%`],
  )
  expect(rows).toHaveLength(1)
  return rows[0].actor_id
}

describe('set-up', () => {
  test('happens once: neither the old link nor a new one opens it again', async () => {
    const again = await kluis.app.signIn.makeInvite(null, null, new Date())
    const answer = await kluis.send('POST', '/api/set-up', {
      token: tokenOf(again.href),
      organisation: { name: 'Indringer', visibility: 'everyone', language: 'nl' },
      administrator: {
        name: 'In Dringer',
        email: 'in@dringer.example',
        password: 'paard batterij nietje correct',
        language: 'nl',
      },
    })
    expect(answer.json().code).toBe('link-used')
    expect((await kluis.send('GET', '/api/set-up')).json()).toEqual({ isNeeded: false })
  })

  test('of two people who finish it at once, one has an organisation', async () => {
    const fresh = await openTestKluis()
    try {
      const link = await fresh.app.signIn.makeInvite(null, null, new Date())
      const begun = await Promise.all(
        ['een', 'twee'].map((name) =>
          fresh.send('POST', '/api/set-up', {
            token: tokenOf(link.href),
            organisation: { name, visibility: 'team', language: 'nl' },
            administrator: {
              name,
              email: `${name}@bureau.example`,
              password: 'paard batterij nietje correct',
              language: 'nl',
            },
          }),
        ),
      )
      const done = await Promise.all(
        begun.map((one) =>
          fresh.send(
            'POST',
            '/api/enrol/totp',
            { code: codeNow(one.json().totp.secret) },
            { 'kluis-pending': cookie(one, 'kluis-pending') },
          ),
        ),
      )
      expect(done.map((one) => one.statusCode).sort()).toEqual([200, 410])
      const won = done.find((one) => one.statusCode === 200)!
      expect(won.json().recoveryShares.shares).toHaveLength(3)
      const { rows } = await fresh.admin.query('select count(*)::int as n from kluis.user_account')
      expect(rows[0].n).toBe(1)
    } finally {
      await fresh.close()
    }
  })
})

describe('invitations', () => {
  test('greet whom they invite, and work once', async () => {
    const link = await invite('gast1@bureau.example')
    const shown = await kluis.send('GET', `/api/join/${tokenOf(link)}`)
    expect(shown.json()).toEqual({
      needsCode: false,
      asks: 'two-factors',
      name: 'Gast',
      email: 'gast1@bureau.example',
      language: 'nl',
      organisation: 'Bureau',
    })
    const [first, second] = [await join(link), await join(link)]
    const answers = await Promise.all([enrol(first), enrol(second)])
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 410])
    expect((await join(link)).json().code).toBe('link-used')
    expect((await kluis.send('GET', `/api/join/${tokenOf(link)}`)).json().code).toBe('link-used')
  })

  test('end after a week, and a made-up one is answered like an old one', async () => {
    const link = await invite('gast2@bureau.example')
    await kluis.admin.query(
      `update kluis_auth.invite set expires_at = now() - interval '1 second' where used_at is null and user_id is not null`,
    )
    const madeUp = await kluis.send('GET', '/api/join/abcdefghijklmnopqrstuvwxyz')
    expect((await kluis.send('GET', `/api/join/${tokenOf(link)}`)).body).toBe(madeUp.body)
    const { rows } = await kluis.admin.query(
      `select count(*)::int as n from kluis_auth.invite where token_hash = convert_to($1, 'UTF8')`,
      [tokenOf(link)],
    )
    expect(rows[0].n).toBe(0)
  })

  test('an address is invited once, and the ledger knows by whom', async () => {
    const invited = await administrator.call('POST', '/api/invites', {
      email: 'gast3@bureau.example',
      name: 'Gast',
      roleId: 'sales',
      teamId: administrator.teamId,
    })
    expect(await actorOf(invited.json().userId, 'user_account')).toBe(administrator.userId)
    const again = await administrator.call('POST', '/api/invites', {
      email: ' GAST3@bureau.example',
      name: 'Gast',
      roleId: 'sales',
      teamId: administrator.teamId,
    })
    expect(again.json().code).toBe('already-done')
  })

  test('a team that is not there is not there', async () => {
    const answer = await administrator.call('POST', '/api/invites', {
      email: 'gast4@bureau.example',
      name: 'Gast',
      roleId: 'sales',
      teamId: '00000000-0000-4000-8000-000000000000',
    })
    expect(answer.json().code).toBe('not-found')
  })
})

describe('resetting a factor', () => {
  test('the lost phone opens nothing more, a link enrols anew, and the reason is kept sealed', async () => {
    const an = await newColleague()
    const codes = (await an.call('POST', '/api/recovery-codes')).json().recoveryCodes
    const begun = await half(an)
    const reason = 'telefoon gestolen op de trein naar Gent'
    const reset = await administrator.call('POST', `/api/users/${an.userId}/reset-factor`, {
      reason,
    })
    expect(reset.statusCode, reset.body).toBe(200)
    expect((await an.call('GET', '/api/session')).statusCode).toBe(401)
    for (const pending of [begun, await half(an)])
      for (const [way, code] of [
        ['totp', codeNow(an.totpSecret, 1)],
        ['recovery', codes[0]],
      ]) {
        const answer = await kluis.send(
          'POST',
          `/api/sign-in/${way}`,
          { code },
          { 'kluis-pending': cookie(pending, 'kluis-pending') },
        )
        expect(answer.statusCode).toBe(401)
      }
    const { link, code } = reset.json()
    expect((await enrol(await join(link, code))).statusCode).toBe(200)

    const kept = await administrator.call('GET', `/api/users/${an.userId}/factor-resets`)
    expect(kept.json().items).toMatchObject([{ byUserId: administrator.userId, reason }])
    expect(await actorOf(an.userId, 'factor-reset')).toBe(administrator.userId)
    const { rows } = await kluis.admin.query(
      `select string_agg(row_to_json(i)::text, '') || (select string_agg(row_to_json(o)::text, '') from kluis_ledger.outbox o) as text from kluis_auth.invite i`,
    )
    expect(rows[0].text).not.toContain(Buffer.from('gestolen').toString('hex'))
    expect(rows[0].text).not.toContain('gestolen')
  })

  test('needs the right, a reason, and somebody else', async () => {
    const [an, bo] = [await newColleague(), await newColleague()]
    const url = (person: Caller) => `/api/users/${person.userId}/reset-factor`
    const reason = 'telefoon kwijt, gebeld en herkend'
    expect((await an.call('POST', url(bo), { reason })).json().code).toBe('not-allowed')
    expect((await an.call('GET', `/api/users/${bo.userId}/factor-resets`)).statusCode).toBe(403)
    expect((await administrator.call('POST', url(an), { reason: 'kwijt' })).statusCode).toBe(422)
    expect((await administrator.call('POST', url(administrator), { reason })).json().code).toBe(
      'not-allowed',
    )
    expect((await bo.call('GET', '/api/session')).statusCode).toBe(200)
  })

  test('an earlier link stops working when a new one is made', async () => {
    const an = await newColleague()
    const reset = async () =>
      (
        await administrator.call('POST', `/api/users/${an.userId}/reset-factor`, {
          reason: 'telefoon kwijt, gebeld en herkend',
        })
      ).json() as { link: string; code: string }
    const [first, second] = [await reset(), await reset()]
    expect((await join(first.link, first.code)).json().code).toBe('link-used')
    expect((await join(second.link, second.code)).statusCode).toBe(200)
  })
})

describe('role, teams and status', () => {
  test('who is disabled is out at once, by session, by sign-in, by link and by half an enrolment', async () => {
    const an = await newColleague()
    const reset = await administrator.call('POST', `/api/users/${an.userId}/reset-factor`, {
      reason: 'telefoon kwijt, gebeld en herkend',
    })
    const begun = await join(reset.json().link, reset.json().code)
    const disabled = await administrator.call('PATCH', `/api/users/${an.userId}`, {
      status: 'disabled',
    })
    expect(disabled.json().status).toBe('disabled')
    expect((await an.call('GET', '/api/session')).statusCode).toBe(401)
    expect((await half(an)).json().code).toBe('wrong-credentials')
    expect((await enrol(begun)).json().code).toBe('link-used')
    expect((await join(reset.json().link)).json().code).toBe('link-used')
    const back = await administrator.call('PATCH', `/api/users/${an.userId}`, { status: 'active' })
    // Nothing to sign in with is left, so there is still an invitation to send.
    expect(back.json().status).toBe('invited')
  })

  test('an account disabled by any other way does not come back by a link either', async () => {
    const link = await invite('uit@bureau.example')
    const begun = await join(link)
    await kluis.admin.query(
      `update kluis.user_account set status = 'disabled', row_version = row_version + 1
       where id = (select user_id from kluis_auth.invite where used_at is null order by created_at desc limit 1)`,
    )
    expect((await enrol(begun)).json().code).toBe('link-used')
    expect((await join(link)).json().code).toBe('link-used')
  })

  test('a role changes what the next request may do, in the name of who changed it', async () => {
    const an = await newColleague('support')
    expect((await an.call('GET', '/api/openapi.json')).statusCode).toBe(200)
    expect((await an.call('POST', '/api/teams', { name: 'Zuid' })).statusCode).toBe(403)
    const north = await kluis.newTeam('Noord')
    const changed = await administrator.call('PATCH', `/api/users/${an.userId}`, {
      roleId: 'administrator',
      teamIds: [north, north],
    })
    expect(changed.json()).toMatchObject({ roleId: 'administrator', teamIds: [north] })
    expect((await an.call('POST', '/api/teams', { name: 'Zuid' })).statusCode).toBe(201)
    expect(await actorOf(an.userId, 'user_account')).toBe(administrator.userId)
    const lowered = await administrator.call('PATCH', `/api/users/${an.userId}`, {
      roleId: 'support',
    })
    expect(lowered.statusCode).toBe(200)
    expect((await an.call('POST', '/api/teams', { name: 'West' })).statusCode).toBe(403)
  })

  test('nobody changes their own role, and two administrators can not remove each other', async () => {
    const second = await newColleague('administrator')
    const patch = (by: Caller, whom: Caller, body: object) =>
      by.call('PATCH', `/api/users/${whom.userId}`, body)
    expect((await patch(second, second, { roleId: 'sales' })).json().code).toBe('not-allowed')
    const disabling: [by: Caller, path: string][] = [
      [second, `/api/users/${administrator.userId}`],
      [administrator, `/api/users/${second.userId}`],
    ]
    const body = { status: 'disabled' }
    const grants: { 'kluis-grant': string }[] = []
    for (const [by, path] of disabling)
      grants.push(await grantAhead(kluis, by, 'PATCH', path, body))
    const answers = await Promise.all(
      disabling.map(([by, path], i) =>
        kluis.send('PATCH', path, body, { kluis: by.token }, grants[i]),
      ),
    )
    // One wins; the other finds itself signed out or the last administrator.
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1)
    const { rows } = await kluis.admin.query(
      `select count(*)::int as n from kluis.user_account where role_id = 'administrator' and status = 'active'`,
    )
    expect(rows[0].n).toBe(1)
    await kluis.admin.query(
      `update kluis.user_account set status = 'active', row_version = row_version + 1 where role_id = 'administrator' and status = 'disabled'`,
    )
    administrator = await signedInAgain(administrator)
  })

  test('the organisation is shown to all and changed with the right, on the version one saw', async () => {
    const an = await newColleague()
    const seen = (await an.call('GET', '/api/organisation')).json()
    expect(seen).toMatchObject({ name: 'Bureau', language: 'nl' })
    const edit = { rowVersion: seen.rowVersion, name: 'Bureau Zuid', language: 'en' }
    expect((await an.call('PATCH', '/api/organisation', edit)).statusCode).toBe(403)
    const changed = await administrator.call('PATCH', '/api/organisation', edit)
    expect(changed.json()).toMatchObject({ name: 'Bureau Zuid', language: 'en' })
    expect((await administrator.call('PATCH', '/api/organisation', edit)).json().code).toBe(
      'changed-meanwhile',
    )
    expect((await an.call('GET', '/api/session')).json().organisation.name).toBe('Bureau Zuid')
  })

  test('teams are renamed on the version one saw; roles tell what they may', async () => {
    const team = (await administrator.call('POST', '/api/teams', { name: 'Oost' })).json()
    const rename = (name: string) =>
      administrator.call('PATCH', `/api/teams/${team.id}`, { rowVersion: 1, name })
    expect((await rename('Noordoost')).json()).toMatchObject({ name: 'Noordoost', rowVersion: 2 })
    expect((await rename('Zuidoost')).json().code).toBe('changed-meanwhile')
    const roles = (await administrator.call('GET', '/api/roles')).json().items
    const permissionsOf = (id: string) =>
      roles.find((role: { id: string }) => role.id === id).permissions
    expect(permissionsOf('administrator')).toContain('users:manage')
    expect(permissionsOf('sales')).not.toContain('users:manage')
  })

  test('what colleagues sign in with is shown to those who manage them', async () => {
    const an = await newColleague()
    const own = (list: { items: { id: string; factors: object | null }[] }) =>
      list.items.find((one) => one.id === an.userId)!.factors
    expect(own((await an.call('GET', '/api/users')).json())).toBeNull()
    expect(own((await administrator.call('GET', '/api/users')).json())).toEqual({
      hasPassword: true,
      hasTotp: true,
      passkeys: 0,
    })
  })
})

async function signedInAgain(person: Caller): Promise<Caller> {
  await kluis.admin.query('update kluis_auth.totp set last_step = 0')
  const begun = await half(person)
  const opened = await kluis.send(
    'POST',
    '/api/sign-in/totp',
    { code: codeNow(person.totpSecret) },
    { 'kluis-pending': cookie(begun, 'kluis-pending') },
  )
  return kluis.callerOf({ ...person, token: cookie(opened, 'kluis') })
}

describe('on the command line', () => {
  const verb = (name: string, args: Record<string, unknown> = {}) =>
    userVerbs(kluis.app)[name]!(
      args,
      () => {},
      async () => {},
    )

  test('an operator on the host needs no colleague for it, and the ledger shows that', async () => {
    const an = await newColleague()
    const answer = await verb('users reset-factor', {
      email: an.email,
      reason: 'telefoon kwijt, aan de balie herkend',
    })
    expect(answer.exitCode).toBe(0)
    expect(await actorOf(an.userId, 'factor-reset')).toBeNull()
    const { link, code } = answer.result as { link: string; code: string }
    expect((await join(link, code)).statusCode).toBe(200)
  })

  test('with --as it is done under a session of that colleague, which ends with it', async () => {
    const team = await kluis.newTeam('Balie')
    const given = { email: 'cli@bureau.example', name: 'Cli', roleId: 'sales', team: 'Balie' }
    const answer = await verb('users invite', { ...given, as: administrator.email })
    expect(answer.exitCode).toBe(0)
    const { userId } = answer.result as { userId: string }
    expect(await actorOf(userId, 'user_account')).toBe(administrator.userId)
    const { rows } = await kluis.admin.query(
      `select (select team_id from kluis.team_member where user_id = $1) as team,
        (select count(*)::int from kluis_auth.session where kind = 'operator' and revoked_at is null) as open`,
      [userId],
    )
    expect(rows[0]).toEqual({ team, open: 0 })
  })

  test('without the right, a team, a known address or a reason it says so and does nothing', async () => {
    const an = await newColleague()
    const given = { email: 'cli2@bureau.example', name: 'Cli', roleId: 'sales', team: 'Balie' }
    expect((await verb('users invite', { ...given, as: an.email })).result).toMatchObject({
      code: 'not-allowed',
    })
    expect((await verb('users invite', { ...given, team: 'Mars' })).exitCode).toBe(2)
    expect((await verb('users invite', { ...given, roleId: 'baas' })).exitCode).toBe(2)
    const reset = (args: object) => verb('users reset-factor', { ...args })
    expect((await reset({ email: 'niemand@x.example', reason: 'lang genoeg' })).exitCode).toBe(1)
    expect((await reset({ email: an.email, reason: 'kort' })).exitCode).toBe(2)
    expect((await verb('users set-up-link')).exitCode).toBe(1)
    const list = await verb('users list')
    expect(list.lines!.some((line) => line.includes('cli2@'))).toBe(false)
    expect(list.lines!.join('\n')).toMatch(
      /beheer@bureau\.example.*administrator.*password \+ TOTP/,
    )
  })
})

test("a colleague's own language is kept, is nobody else's, and stands in the ledger under their name", async () => {
  const an = await newColleague()
  const chosen = await an.call('PATCH', '/api/session', { language: 'en' })
  expect(chosen.statusCode, chosen.body).toBe(200)
  expect((await an.call('GET', '/api/session')).json().user.language).toBe('en')
  expect((await administrator.call('GET', '/api/session')).json().user.language).toBe('nl')
  expect(await actorOf(an.userId, '"action":"update"')).toBe(an.userId)
  expect((await an.call('PATCH', '/api/session', { language: 'xx' })).statusCode).toBe(422)
  expect((await kluis.send('PATCH', '/api/session', { language: 'en' })).statusCode).toBe(401)
})
