/** One of each thing that belongs to somebody, made through the addresses that a screen would use. */
import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { type Caller, cookie, keepToken, type TestKluis } from './kluis.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'

/** `rowVersion` where changing it asks for one; `more` is what stands beside the id in its address. */
export type Made = { id: string; rowVersion: number; more?: Record<string, string> }
export type Kind = keyof Records['makers']
export type Owner = { userId: string; teamId: string }

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** `mark` stands in every text, so that an answer that holds it tells of what was made here. */
export class Records {
  readonly #kluis: TestKluis
  readonly #by: Caller
  readonly #mark: string
  constructor(kluis: TestKluis, by: Caller, mark: string) {
    this.#kluis = kluis
    this.#by = by
    this.#mark = mark
  }

  make(kind: Kind, owner: Owner): Promise<Made> {
    return this.makers[kind](owner)
  }

  readonly makers = {
    person: (owner: Owner) =>
      this.#post('/api/people', {
        ...{ givenName: this.#mark, familyName: `${this.#mark} ${randomUUID().slice(0, 8)}` },
        ...{ ownerId: owner.userId, teamId: owner.teamId, tags: [this.#mark] },
        addresses: [{ city: this.#mark }],
        emails: [{ value: `${randomUUID()}@mail.example` }],
      }),
    company: (owner: Owner) =>
      this.#post('/api/companies', {
        ...{ name: `${this.#mark} ${randomUUID().slice(0, 8)}`, tags: [this.#mark] },
        ...{ ownerId: owner.userId, teamId: owner.teamId },
        emails: [{ value: `${randomUUID()}@mail.example` }],
      }),
    'person in the trash': (owner: Owner) => this.#thrown('/api/people', this.makers.person(owner)),
    'company in the trash': (owner: Owner) =>
      this.#thrown('/api/companies', this.makers.company(owner)),
    'person with an account': async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      const { rowVersion } = await this.#get(`/api/people/${id}`)
      const ibans = ['BE71 0961 2345 6769']
      return this.#done(await this.#by.call('PATCH', `/api/people/${id}`, { rowVersion, ibans }))
    },
    note: async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      return this.#post(`/api/people/${id}/notes`, { body: this.#mark })
    },
    'edited note': async (owner: Owner) => {
      const { id, rowVersion } = await this.makers.note(owner)
      const body = `${this.#mark} anders`
      return this.#done(await this.#by.call('PATCH', `/api/notes/${id}`, { rowVersion, body }))
    },
    'revealed account': async (owner: Owner) => {
      const made = await this.makers['person with an account'](owner)
      await this.#by.call('POST', `/api/people/${made.id}/reveal`, { reason: this.#mark })
      return made
    },
    'followed favourite': async (owner: Owner) => {
      const made = await this.makers.person(owner)
      const subject = { kind: 'person', id: made.id }
      await this.#by.call('POST', `/api/people/${made.id}/follow`)
      await this.#by.call('POST', '/api/favourites', { subject, isFavourite: true })
      return made
    },
    'note in the trash': (owner: Owner) => this.#thrown('/api/notes', this.makers.note(owner)),
    task: async (owner: Owner) => {
      const subject = { kind: 'person', id: (await this.makers.person(owner)).id }
      return this.#post('/api/tasks', { subject, title: this.#mark, assigneeId: owner.userId })
    },
    upload: async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      return this.#post(`/api/people/${id}/files`, { name: `${this.#mark}.txt`, size: 9 })
    },
    'whole upload': async (owner: Owner) => {
      const made = await this.makers.upload(owner)
      await this.#sendPiece(made.id, Buffer.from(this.#mark.slice(0, 9).padEnd(9)))
      return made
    },
    file: async (owner: Owner) => {
      const { id } = await this.makers['whole upload'](owner)
      return this.#post(`/api/files/${id}/complete`, {})
    },
    'retained file': async (owner: Owner) =>
      (await this.#retained(owner, 'NL-FISC-7', '2026-01-01')).file,
    'file that is over': async (owner: Owner) =>
      (await this.#retained(owner, 'NL-ADV-1', '2020-01-01')).file,
    'file set apart': async (owner: Owner) => {
      const { file, personId } = await this.#retained(owner, 'NL-FISC-7', '2026-01-01')
      const subject = { kind: 'person' as const, id: personId }
      const asked = { subject, reason: this.#mark, graceDays: 0 }
      await this.#kluis.app.keys.erasing.erase(asked, null)
      return file
    },
    'file in the trash': (owner: Owner) => this.#thrown('/api/files', this.makers.file(owner)),
    photo: async (owner: Owner) => {
      const person = await this.makers.person(owner)
      const given = { name: `${this.#mark}.png`, size: PIXEL.length, isPhoto: true }
      const { id } = await this.#post(`/api/people/${person.id}/files`, given)
      await this.#sendPiece(id, PIXEL)
      return this.#post(`/api/files/${id}/complete`, {})
    },
    affiliation: async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      const companyId = (await this.makers.company(owner)).id
      return this.#post(`/api/people/${id}/affiliations`, { companyId, jobTitle: this.#mark })
    },
    relation: (owner: Owner) => this.#related('people', 'partner', this.makers.person, owner),
    'joint dossier': (owner: Owner) => this.#joint(owner),
    'ended joint dossier': async (owner: Owner) => {
      const { id, rowVersion } = await this.#joint(owner)
      return this.#post(`/api/joint-dossiers/${id}/end`, { rowVersion })
    },
    'joint note': async (owner: Owner) => {
      const { id, more } = await this.#joint(owner)
      const note = await this.#post(`/api/joint-dossiers/${id}/notes`, { body: this.#mark })
      return { ...note, more: { 'body.to.id': more!.personId! } }
    },
    'joint task': async (owner: Owner) => {
      const { id, more } = await this.#joint(owner)
      const subject = { kind: 'joint_dossier', id }
      const task = await this.#post('/api/tasks', { subject, title: this.#mark })
      return { ...task, more: { 'body.to.id': more!.personId! } }
    },
    'joint file': async (owner: Owner) => {
      const { id, more } = await this.#joint(owner)
      const given = { name: `${this.#mark}.txt`, size: 9 }
      const begun = await this.#post(`/api/joint-dossiers/${id}/files`, given)
      await this.#sendPiece(begun.id, Buffer.from(this.#mark.slice(0, 9).padEnd(9)))
      const file = await this.#post(`/api/files/${begun.id}/complete`, {})
      return { ...file, more: { 'body.to.id': more!.personId! } }
    },
    'company relation': (owner: Owner) =>
      this.#related('companies', 'other', this.makers.company, owner),
    share: async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
      return this.#post(`/api/people/${id}/shares`, { teamId: owner.teamId, until })
    },
    'told apart': (owner: Owner) => this.#toldApart('people', this.makers.person, owner),
    'companies told apart': (owner: Owner) =>
      this.#toldApart('companies', this.makers.company, owner),
    merge: (owner: Owner) => this.#merged('people', this.makers.person, owner),
    'company merge': (owner: Owner) => this.#merged('companies', this.makers.company, owner),
    view: () =>
      this.#post('/api/views', {
        ...{ list: 'people', kind: 'view', sharedWith: 'nobody' },
        content: { name: this.#mark, columns: [{ id: 'name' }] },
      }),
    'view for everyone': () =>
      this.#post('/api/views', {
        ...{ list: 'people', kind: 'view', sharedWith: 'everyone' },
        content: { name: 'Allen', columns: [{ id: 'name' }] },
      }),
    import: async () => this.#imported(`Naam\n${this.#mark}`),
    /** With a row that is refused, and one that changes somebody who was there. */
    'import that changes': async (owner: Owner) => {
      const email = `${randomUUID()}@mail.example`
      const { ownerId, teamId } = { ownerId: owner.userId, teamId: owner.teamId }
      await this.#post('/api/people', {
        familyName: 'x',
        emails: [{ value: email }],
        ownerId,
        teamId,
      })
      const rows = `Naam,E-mail,Gemeente\n${this.#mark},${email},Gent\n,geen,Gent`
      return this.#imported(rows, '&duplicates=update')
    },
    export: async () => {
      const id = randomUUID()
      const { statusCode } = await this.#by.call('GET', `/api/people/export.csv?export=${id}`)
      if (statusCode !== 200) throw new Error(`an export: ${statusCode}`)
      return { id, rowVersion: 0 }
    },
    session: async () => {
      const { items } = await this.#get('/api/sessions')
      return { id: items[0].id as string, rowVersion: 0 }
    },
    passkey: async () => {
      const options = await this.#by.call('POST', '/api/passkeys/options')
      const credential = new SoftwareAuthenticator().register(options.json())
      const pending = cookie(options, 'kluis-pending')
      const cookies = { kluis: this.#by.token, 'kluis-pending': pending }
      const given = { name: this.#mark, credential }
      const answer = await this.#kluis.send('POST', '/api/passkeys', given, cookies)
      keepToken(this.#by, answer)
      const { items } = answer.json() as { items: { id: string; name: string }[] }
      return { id: items.find(({ name }) => name === this.#mark)!.id, rowVersion: 0 }
    },
    notification: async (owner: Owner) => {
      const { id } = await this.makers.person(owner)
      await this.#by.call('POST', `/api/people/${id}/notes`, { body: `<@${owner.userId}>` })
      const row = await this.#kluis.admin.query(
        `insert into kluis.notification (user_id, kind, person_id) values ($1, 'change', $2) returning id`,
        [owner.userId, id],
      )
      return { id: row.rows[0].id as string, rowVersion: 0 }
    },
  }

  async #get(url: string) {
    return (await this.#by.call('GET', url)).json()
  }

  async #post(url: string, body: object): Promise<Made> {
    return this.#done(await this.#by.call('POST', url, body))
  }

  #done(answer: LightMyRequestResponse): Made {
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`)
    const { id, rowVersion = 1 } = answer.json()
    return { id, rowVersion }
  }

  async #thrown(path: string, made: Promise<Made>): Promise<Made> {
    const { id, rowVersion } = await made
    this.#done(await this.#by.call('DELETE', `${path}/${id}`))
    return { id, rowVersion: rowVersion + 1 }
  }

  async #related(
    path: string,
    kind: string,
    make: (owner: Owner) => Promise<Made>,
    owner: Owner,
  ): Promise<Made> {
    const [one, other] = [await make(owner), await make(owner)]
    const own = kind === 'other' ? { label: this.#mark, inverseLabel: this.#mark } : {}
    const url = `/api/${path}/${one.id}/relations`
    const { id, rowVersion } = await this.#post(url, { otherId: other.id, kind, ...own })
    return { id: one.id, rowVersion, more: { relationId: id } }
  }

  async #joint(owner: Owner): Promise<Made> {
    const people = [await this.makers.person(owner), await this.makers.person(owner)]
    const answer = await this.#by.call('POST', '/api/joint-dossiers', {
      name: this.#mark,
      parties: people.map(({ id }) => ({ personId: id, role: 'partner' })),
    })
    const made = this.#done(answer)
    const [{ id: partyId, personId }] = answer.json().parties
    const { id } = await this.makers.person(owner)
    return { ...made, more: { partyId, personId, 'body.personId': id } }
  }

  async #toldApart(
    path: string,
    make: (owner: Owner) => Promise<Made>,
    owner: Owner,
  ): Promise<Made> {
    const ids = [(await make(owner)).id, (await make(owner)).id]
    return this.#post(`/api/${path}/not-duplicates`, { ids })
  }

  async #merged(path: string, make: (owner: Owner) => Promise<Made>, owner: Owner): Promise<Made> {
    const [kept, other] = [await make(owner), await make(owner)]
    return this.#post(`/api/${path}/merges`, {
      ...{ keptId: kept.id, otherId: other.id, choices: {} },
      ...{ keptVersion: kept.rowVersion, otherVersion: other.rowVersion },
    })
  }

  async #retained(
    owner: Owner,
    rule: string,
    from: string,
  ): Promise<{ file: Made; personId: string }> {
    const personId = (await this.makers.person(owner)).id
    const { id } = await this.#post(`/api/people/${personId}/files`, {
      ...{ name: `${this.#mark}.txt`, size: 9, retention: { rule, from } },
    })
    await this.#sendPiece(id, Buffer.from(this.#mark.slice(0, 9).padEnd(9)))
    return { file: await this.#post(`/api/files/${id}/complete`, {}), personId }
  }

  async #sendPiece(id: string, payload: Buffer) {
    const answer = await this.#kluis.app.http.inject({
      method: 'PUT',
      url: `/api/files/${id}/pieces/0`,
      cookies: { kluis: this.#by.token },
      headers: { 'content-type': 'application/octet-stream' },
      payload,
    })
    return keepToken(this.#by, answer)
  }

  async #imported(payload: string, query = ''): Promise<Made> {
    const answer = await this.#kluis.app.http.inject({
      method: 'POST',
      url: `/api/imports?wait=true${query}`,
      cookies: { kluis: this.#by.token },
      headers: { 'content-type': 'text/csv' },
      payload,
    })
    keepToken(this.#by, answer)
    if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${answer.body}`)
    return { id: answer.json().importId as string, rowVersion: 1 }
  }
}
