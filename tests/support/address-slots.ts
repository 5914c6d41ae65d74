/**
 * What every address is asked with: which of its ids are whose, and the least body it takes. A new address with an id
 * that nothing is said of here, or with a body it does not take, fails tests/attacks/every-address.test.ts.
 */
import { z } from 'zod'
import type { Route } from '#security/access/route.ts'
import type { Kind } from './records.ts'

/**
 * `shared`: of the organisation, and no secret of a team: colleagues, teams, fields, what columns mean, providers of sign-in;
 * and what is for those of any team who decide or review: tests/approvals and tests/break-glass ask who that is. `client`: an id
 * that the caller makes up, which must not tell that somebody's record has it. `unknown`: fails.
 */
export type SlotKind = Kind | 'shared' | 'client' | 'unknown'

type Schema = {
  format?: string
  properties?: Record<string, Schema>
  items?: Schema | Schema[]
  prefixItems?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  propertyNames?: Schema
}

/** Every place of an id in what the address takes: `params.id`, `body.subject.id`, `body.ids[]`. */
export function slotsOf(route: Route): string[] {
  const found = new Set<string>()
  const look = (schema: Schema | undefined, at: string, depth: number): void => {
    if (!schema || depth > 8) return
    if (schema.format === 'uuid') found.add(at)
    if (schema.propertyNames?.format === 'uuid') found.add(`${at}{}`)
    for (const [name, inner] of Object.entries(schema.properties ?? {}))
      look(inner, `${at}.${name}`, depth + 1)
    for (const inner of [schema.anyOf, schema.oneOf, schema.allOf].flat())
      look(inner, at, depth + 1)
    for (const inner of [schema.items, schema.prefixItems].flat()) look(inner, `${at}[]`, depth + 1)
  }
  for (const where of ['params', 'query', 'body'] as const) {
    const shape = route[where]
    if (shape)
      look(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as Schema, where, 0)
  }
  return [...found]
}

const kinds: [RegExp, SlotKind][] = [
  [
    / (body|query)\S*\.(ownerId|teamId|teamIds|userId|assigneeId|owner|team|by|fieldId)(\[\])?$/,
    'shared',
  ],
  [/ body\S*custom\{\}$/, 'shared'],
  [
    / \/api\/(users|teams|fields|import-mappings|identity-providers|budgets|freezes|alarms|canaries|approvals|break-glass|rights|programs|recoveries|keys)\b.* /,
    'shared',
  ],
  [/^POST \/api\/(people|companies|tasks) body\.id$/, 'client'],
  [/^POST \/api\/(people)\/:id\/restore /, 'person in the trash'],
  [/^POST \/api\/(companies)\/:id\/restore /, 'company in the trash'],
  [/^POST \/api\/people\/:id\/reveal /, 'person with an account'],
  [/ \/api\/people\/merges\/:id/, 'merge'],
  [/ \/api\/companies\/merges\/:id/, 'company merge'],
  [/ \/api\/people\/not-duplicates\/:id/, 'told apart'],
  [/ \/api\/companies\/not-duplicates\/:id/, 'companies told apart'],
  [/ \/api\/people\/:id\/relations\/:relationId params/, 'relation'],
  [/ \/api\/companies\/:id\/relations\/:relationId params/, 'company relation'],
  [/ \/api\/notes\/:id\/move /, 'joint note'],
  [/ \/api\/tasks\/:id\/move /, 'joint task'],
  [/ \/api\/files\/:id\/move /, 'joint file'],
  [/ \/api\/joint-dossiers\/:id\/reopen /, 'ended joint dossier'],
  [/ \/api\/joint-dossiers\/:id.* params/, 'joint dossier'],
  [/ \/api\/joint-dossiers\S* body\S*(personId|ids\[\])$/, 'person'],
  [/ \/api\/tasks query\.jointDossierId$/, 'joint dossier'],
  [/ \/api\/notes\/:id\/(restore|for-good)/, 'note in the trash'],
  [/ \/api\/notes\/:id/, 'note'],
  [/ \/api\/tasks\/:id params/, 'task'],
  [/ \/api\/tasks (query\.personId|body\.subject\.id)$/, 'person'],
  [/ \/api\/tasks query\.companyId$/, 'company'],
  [/ \/api\/files\/:id\/(upload|pieces\/:number) /, 'upload'],
  [/ \/api\/files\/:id\/complete /, 'whole upload'],
  [/ \/api\/files\/:id\/photo /, 'photo'],
  [/ \/api\/files\/:id\/(restore|for-good)/, 'file in the trash'],
  [/ \/api\/files\/:id(\/content|\/retention)? /, 'file'],
  [/ \/api\/retained-files\/:id\/retention /, 'retained file'],
  [/ \/api\/retained-files\/:id\/openings /, 'file set apart'],
  [/ \/api\/retained-files\/erasures /, 'file that is over'],
  [/ \/api\/affiliations\/:id /, 'affiliation'],
  [/ \/api\/shares\/:id /, 'share'],
  [/ \/api\/(favourites|erasures) body\.subject\.id$/, 'person'],
  [/ \/api\/views\/default body\.viewId$/, 'view for everyone'],
  [/ \/api\/views\/:id params/, 'view'],
  [/ \/api\/notifications\/read /, 'notification'],
  [/ \/api\/imports\/:id/, 'import'],
  [/ query\.export$/, 'client'],
  [/ \/api\/exports\/:id/, 'export'],
  [/ \/api\/sessions\/:id/, 'session'],
  [/ \/api\/passkeys\/:id/, 'passkey'],
  [/ body\.companyId$/, 'company'],
  [
    / \/api\/people\b.* (params\.id|query\.of|body\S*\.(id|ids\[\]|exceptId|keptId|otherId))$/,
    'person',
  ],
  [
    / \/api\/companies\b.* (params\.id|query\.of|body\S*\.(id|ids\[\]|exceptId|keptId|otherId))$/,
    'company',
  ],
]

export function kindOf(address: string, slot: string): SlotKind {
  return kinds.find(([pattern]) => pattern.test(`${address} ${slot}`))?.[1] ?? 'unknown'
}

type Ids = { id: (slot: string) => string; version: (slot: string) => number; self: Self }
type Self = { userId: string; teamId: string }
type Body = (ids: Ids) => object

const edited =
  (more: object): Body =>
  ({ version }) => ({ rowVersion: version('params.id'), ...more })
const fresh = () => crypto.randomUUID().slice(0, 8)
const merging: Body = ({ id }) => ({ keptId: id('body.keptId'), otherId: id('body.otherId') })

const ofRecords = (path: 'people' | 'companies'): Record<string, Body> => ({
  [`POST /api/${path}/list`]: () => ({}),
  [`POST /api/${path}/groups`]: () => ({ by: 'stage' }),
  [`POST /api/${path}`]: ({ id }) => ({
    ...(path === 'people' ? { familyName: `Eigen ${fresh()}` } : { name: `Eigen ${fresh()}` }),
    id: id('body.id'),
  }),
  [`POST /api/${path}/cells`]: ({ id, version }) => ({
    rows: [
      { id: id('body.rows[].id'), rowVersion: version('body.rows[].id'), cells: { city: 'Gent' } },
    ],
  }),
  [`POST /api/${path}/duplicates`]: ({ id }) => ({ name: 'Eigen', exceptId: id('body.exceptId') }),
  // What is put back stands beside what it is put back on; both are of the same kind.
  [`POST /api/${path}/bulk`]: ({ id }) => ({
    ids: [id('body.ids[]')],
    change: { kind: 'restore', before: [{ id: id('body.change.before[].id'), stage: 'former' }] },
  }),
  [`PATCH /api/${path}/:id`]: edited({ stage: 'former' }),
  [`POST /api/${path}/:id/reveal`]: () => ({ reason: 'nagekeken' }),
  [`POST /api/${path}/:id/notes`]: () => ({ body: 'hallo' }),
  [`POST /api/${path}/:id/files`]: () => ({ name: 'a.txt', size: 1 }),
  [`POST /api/${path}/:id/relations`]: ({ id }) => ({
    otherId: id('body.otherId'),
    ...(path === 'people' ? { kind: 'partner' } : { kind: 'other', label: 'a', inverseLabel: 'b' }),
  }),
  [`PATCH /api/${path}/:id/relations/:relationId`]: edited({ since: '2020-01-01' }),
  [`POST /api/${path}/:id/shares`]: ({ self }) => ({
    teamId: self.teamId,
    until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  }),
  [`POST /api/${path}/:id/hand-over`]: ({ version, self }) => ({
    rowVersion: version('params.id'),
    ownerId: self.userId,
    teamId: self.teamId,
  }),
  [`POST /api/${path}/not-duplicates`]: ({ id }) => ({
    ids: [id('body.ids[]'), id('body.ids[] again')],
  }),
  [`POST /api/${path}/merges/preview`]: merging,
  [`POST /api/${path}/merges`]: (ids) => ({
    ...merging(ids),
    keptVersion: ids.version('body.keptId'),
    otherVersion: ids.version('body.otherId'),
  }),
})

const moved: Body = ({ id, version }) => ({
  rowVersion: version('params.id'),
  to: { kind: 'person', id: id('body.to.id') },
})
const retention = { rule: 'NL-FISC-7', from: '2026-01-01' }

/** The least that each address takes; none where it takes nothing. */
export const bodies: Record<string, Body> = {
  ...ofRecords('people'),
  ...ofRecords('companies'),
  'POST /api/people/:id/affiliations': ({ id }) => ({ companyId: id('body.companyId') }),
  'PATCH /api/affiliations/:id': edited({ department: 'Verkoop' }),
  'PATCH /api/passkeys/:id': () => ({ name: 'Sleutel' }),
  'PATCH /api/notes/:id': edited({ body: 'anders' }),
  'POST /api/notes/:id/pin': edited({ isPinned: true }),
  'POST /api/tasks': ({ id }) => ({
    subject: { kind: 'person', id: id('body.subject.id') },
    title: 'bellen',
    id: id('body.id'),
  }),
  'POST /api/joint-dossiers': ({ id }) => ({
    parties: [id('body.parties[].personId'), id('body.ids[] again')].map((personId) => ({
      personId,
      role: 'partner',
    })),
  }),
  'PATCH /api/joint-dossiers/:id': edited({ name: 'Anders' }),
  'POST /api/joint-dossiers/:id/end': edited({}),
  'POST /api/joint-dossiers/:id/reopen': edited({}),
  'POST /api/joint-dossiers/:id/parties': ({ id }) => ({
    personId: id('body.personId'),
    role: 'child',
  }),
  'PATCH /api/joint-dossiers/:id/parties/:partyId': () => ({ rowVersion: 1, role: 'owner' }),
  'POST /api/joint-dossiers/:id/notes': () => ({ body: 'hallo' }),
  'POST /api/joint-dossiers/:id/files': () => ({ name: 'a.txt', size: 1 }),
  'POST /api/notes/:id/move': moved,
  'POST /api/tasks/:id/move': moved,
  'POST /api/files/:id/move': moved,
  'PATCH /api/tasks/:id': edited({ isDone: true }),
  'PATCH /api/files/:id': edited({ name: 'b.txt' }),
  'PUT /api/files/:id/retention': edited({ retention }),
  'PUT /api/retained-files/:id/retention': edited({ retention }),
  'POST /api/retained-files/:id/openings': () => ({ purpose: 'audit', reason: 'nagekeken' }),
  'POST /api/retained-files/erasures': ({ id }) => ({
    ids: [id('body.ids[]')],
    reason: 'voorbij',
  }),
  'POST /api/favourites': ({ id }) => ({
    subject: { kind: 'person', id: id('body.subject.id') },
    isFavourite: true,
  }),
  'POST /api/erasures': ({ id }) => ({
    subject: { kind: 'person', id: id('body.subject.id') },
    reason: 'vroeg erom',
  }),
  'PATCH /api/views/:id': edited({ content: { name: 'Anders', columns: [{ id: 'name' }] } }),
  'POST /api/views/default': ({ id }) => ({
    list: 'people',
    roleId: 'sales',
    viewId: id('body.viewId'),
  }),
  'POST /api/notifications/read': ({ id }) => ({ ids: [id('body.ids[]')] }),
  'POST /api/imports/:id/revert': () => ({ changedSince: 'keep' }),
}
