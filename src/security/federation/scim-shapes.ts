/** What SCIM says (RFC 7643, 7644), as far as Kluis keeps it: who somebody is, and whether they are at work. */
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** Answered in SCIM's own form, in words for the administrator who reads the provider's log. */
export class ScimError extends Error {
  readonly status: number
  readonly scimType: string | undefined
  readonly retryAfterSeconds: number | undefined
  constructor(status: number, detail: string, scimType?: string, retryAfterSeconds?: number) {
    super(detail)
    this.name = 'ScimError'
    this.status = status
    this.scimType = scimType
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export function errorBody({ status, message, scimType }: ScimError): object {
  return {
    schemas: [ERROR],
    status: String(status),
    ...(scimType ? { scimType } : {}),
    detail: message,
  }
}

export function listBody(all: object[], { startIndex, count }: Page): object {
  const resources = all.slice(startIndex - 1, startIndex - 1 + count)
  return {
    schemas: [LIST],
    totalResults: all.length,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** What is kept of a user as the provider gave it; everything else it sends is left where it is. */
export type ScimUser = {
  userName: string
  externalId?: string
  displayName?: string
  givenName?: string
  familyName?: string
  formatted?: string
  email?: string
  active?: boolean
}
const texts = [
  'userName',
  'externalId',
  'displayName',
  'givenName',
  'familyName',
  'formatted',
  'email',
] as const
type TextName = (typeof texts)[number]
const TEXT_MAX = 254

// The address within SCIM, in small letters, of what is kept.
const places = new Map<string, TextName | 'active'>(
  Object.entries({
    username: 'userName',
    externalid: 'externalId',
    displayname: 'displayName',
    'name.givenname': 'givenName',
    'name.familyname': 'familyName',
    'name.formatted': 'formatted',
    active: 'active',
  } as const),
)
const EMAIL = /^emails(?:\[[^\]]*\])?(?:\.value)?$/

export type Page = { startIndex: number; count: number }
const COUNT_MAX = 200

export function pageOf(query: Record<string, unknown>): Page {
  const number = (value: unknown, otherwise: number) => {
    const text = value === undefined ? `${otherwise}` : String(value)
    if (!/^-?\d{1,9}$/.test(text))
      throw new ScimError(400, 'startIndex and count must be whole numbers', 'invalidValue')
    return Number(text)
  }
  return {
    startIndex: Math.max(1, number(query.startIndex, 1)),
    count: Math.min(COUNT_MAX, Math.max(0, number(query.count, 100))),
  }
}

export type Filter = { by: 'userName' | 'externalId' | 'id' | 'email'; value: string }

/** `userName eq "…"`, `externalId eq "…"`, `id eq "…"`, `emails.value eq "…"`; anything else is refused, not guessed. */
export function filterOf(text: unknown): Filter | undefined {
  if (text === undefined || text === '') return undefined
  const found =
    /^\s*(?:urn:ietf:params:scim:schemas:core:2\.0:User:)?(\S+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(
      String(text).slice(0, 1000),
    )
  const attribute = found?.[1]?.toLowerCase()
  const by =
    attribute === 'id'
      ? 'id'
      : attribute && EMAIL.test(attribute)
        ? 'email'
        : attribute && places.get(attribute)
  if (!found || (by !== 'userName' && by !== 'externalId' && by !== 'id' && by !== 'email'))
    throw new ScimError(
      400,
      'a filter must be one of: userName eq "…", externalId eq "…", id eq "…", emails.value eq "…"',
      'invalidFilter',
    )
  try {
    return { by, value: JSON.parse(found[2]!) as string }
  } catch {
    throw new ScimError(400, 'the value of the filter is no text', 'invalidFilter')
  }
}

/** A whole user, from POST or PUT. */
export function userOf(body: unknown): ScimUser {
  if (!isObject(body)) throw new ScimError(400, 'the body must be a user', 'invalidSyntax')
  const user: Partial<ScimUser> = {}
  take(user, body)
  const { userName } = user
  if (!userName) throw new ScimError(400, 'userName is missing', 'invalidValue')
  return { ...user, userName }
}

/** The changes of a PATCH, in their order; as Entra writes them and as Okta does. */
export function patched(before: ScimUser, body: unknown): ScimUser {
  const operations = isObject(body) ? memberOf(body, 'Operations') : undefined
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > 100)
    throw new ScimError(400, 'Operations must hold 1 to 100 operations', 'invalidSyntax')
  const user: Partial<ScimUser> = { ...before }
  for (const one of operations) {
    if (!isObject(one)) throw new ScimError(400, 'an operation is no object', 'invalidSyntax')
    const op = String(one.op ?? '').toLowerCase()
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw new ScimError(400, 'op must be add, replace or remove', 'invalidSyntax')
    change(user, op, one)
  }
  if (!user.userName) throw new ScimError(400, 'userName can not be removed', 'mutability')
  return user as ScimUser
}

function change(user: Partial<ScimUser>, op: string, { path, value }: Record<string, unknown>) {
  if (path === undefined || path === '') {
    if (op === 'remove') throw new ScimError(400, 'remove needs a path', 'noTarget')
    if (!isObject(value))
      throw new ScimError(400, 'without a path, value is an object', 'invalidValue')
    // Okta: {"value": {"active": false}}. Entra also writes {"value": {"name.givenName": "…"}}.
    take(user, value)
    return
  }
  if (typeof path !== 'string' || path.length > 300)
    throw new ScimError(400, 'path must be a text', 'invalidPath')
  const address = path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:User:/i, '').toLowerCase()
  if (op !== 'remove') {
    if (EMAIL.test(address)) takeEmail(user, value)
    else if (address === 'name') take(user, { name: value })
    else set(user, address, value)
    return
  }
  if (EMAIL.test(address)) delete user.email
  const name = places.get(address)
  if (name === 'active') throw new ScimError(400, 'active can not be removed', 'mutability')
  if (name) delete user[name]
}

function take(user: Partial<ScimUser>, given: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(given)) {
    const address = key.toLowerCase()
    if (EMAIL.test(address)) takeEmail(user, value)
    else if (address === 'name' && isObject(value))
      for (const [part, text] of Object.entries(value))
        set(user, `name.${part.toLowerCase()}`, text)
    else set(user, address, value)
  }
}

/** What Kluis does not keep, a title, a telephone, a password, is not taken. */
function set(user: Partial<ScimUser>, address: string, value: unknown): void {
  const name = places.get(address)
  if (!name) return
  if (name === 'active') {
    user.active = asBoolean(value)
    return
  }
  if (value === null || value === '') delete user[name]
  else user[name] = asText(name, value)
}

function takeEmail(user: Partial<ScimUser>, value: unknown): void {
  if (!Array.isArray(value)) {
    if (value === null || value === '') delete user.email
    else user.email = asText('email', isObject(value) ? value.value : value)
    return
  }
  const all = value.filter(isObject)
  const best =
    all.find((one) => one.primary === true || one.primary === 'true') ??
    all.find((one) => String(one.type).toLowerCase() === 'work') ??
    all[0]
  if (best?.value !== undefined) user.email = asText('email', best.value)
}

/** Entra sends "False". Anything that is neither is refused: taking it for true would keep somebody in. */
function asBoolean(value: unknown): boolean {
  const text = String(value).toLowerCase()
  if (text === 'true') return true
  if (text === 'false') return false
  throw new ScimError(400, 'active must be true or false', 'invalidValue')
}

function asText(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text === '' || text.length > TEXT_MAX)
    throw new ScimError(
      400,
      `${name} must be a text of 1 to ${TEXT_MAX} characters`,
      'invalidValue',
    )
  return text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf(body: Record<string, unknown>, name: string): unknown {
  const key = Object.keys(body).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : body[key]
}

export type Shown = ScimUser & {
  id: string
  isActive: boolean
  createdAt: Date
  changedAt: Date
}

export function resourceOf(user: Shown, origin: URL): object {
  const { givenName, familyName, formatted } = user
  const name = Object.fromEntries(
    Object.entries({ givenName, familyName, formatted }).filter(([, one]) => one !== undefined),
  )
  return {
    schemas: [USER],
    id: user.id,
    ...(user.externalId ? { externalId: user.externalId } : {}),
    userName: user.userName,
    ...(user.displayName ? { displayName: user.displayName } : {}),
    ...(Object.keys(name).length > 0 ? { name } : {}),
    emails: [{ value: user.email, type: 'work', primary: true }],
    active: user.isActive,
    meta: {
      resourceType: 'User',
      created: user.createdAt.toISOString(),
      lastModified: user.changedAt.toISOString(),
      location: `${origin.origin}/api/scim/v2/Users/${user.id}`,
    },
  }
}
