import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { OpenOutcome, SealTarget, Vault } from '#security/vault/vault.ts'
import type {
  DefaultView,
  Filter,
  ListKind,
  NewView,
  View,
  ViewContent,
  ViewEdit,
  Views,
} from './contract.ts'
import * as store from './store.ts'

/** How many records a filter lets through for the caller; null while that can't be told. */
export type CountFilter = (asking: Asking, list: ListKind, filter: Filter) => Promise<number | null>
export type ViewParts = { vault: Vault; count: CountFilter }
export type Asking = { tx: ReadTx; who: Who; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

function openContents(vault: Vault, tx: ReadTx, ids: string[]) {
  return vault.open<ViewContent>(tx, {
    table: 'saved_view',
    sealedClass: 'content',
    ids,
    purpose: 'list',
    // It holds no customer's record: whoever opens the records it finds leaves a trace there.
    record: 'none',
  })
}

export async function listViews(
  { vault }: ViewParts,
  { tx, who }: Asking,
  list: ListKind,
): Promise<Views> {
  const [rows, defaults] = await Promise.all([
    store.listViews(tx, list),
    store.listDefaults(tx, list),
  ])
  const contents = await openContents(
    vault,
    tx,
    rows.map(({ id }) => id),
  )
  const first = defaults.find((one) => one.role_id === who.roleId)?.view_id
  return {
    items: rows.map((row) => line(row, contents.get(row.id), who)),
    // One that its maker stopped sharing is no beginning, and stands ready for when it is shared again.
    defaultId: rows.find((row) => row.id === first && row.shared_with === 'everyone')?.id ?? null,
  }
}

function line(row: store.ViewRow, outcome: OpenOutcome<ViewContent> | undefined, who: Who): View {
  return {
    id: row.id,
    list: row.list as View['list'],
    kind: row.kind as View['kind'],
    sharedWith: row.shared_with as View['sharedWith'],
    teamId: row.team_id,
    ownerId: row.owner_id,
    // For the buttons; PostgreSQL decides again.
    mayChange:
      row.owner_id === who.userId ||
      (row.shared_with === 'everyone' && who.permissions.has('views:share')),
    rowVersion: row.row_version,
    content: outcome?.kind === 'open' ? outcome.value : null,
  }
}

async function showView({ vault }: ViewParts, { tx, who }: Asking, id: string): Promise<View> {
  const [row, contents] = await Promise.all([store.findView(tx, id), openContents(vault, tx, [id])])
  if (!row) refuse('not-found')
  return line(row, contents.get(id), who)
}

function target(vault: Vault, id: string, sealCounter: number): SealTarget {
  return {
    table: 'saved_view',
    sealedClass: 'content',
    rowId: id,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter,
  }
}

/** A team's view hangs on that team; the others on none. */
function teamOf(
  sharedWith: View['sharedWith'],
  teamId: string | undefined,
  who: Who,
): string | null {
  if (sharedWith !== 'team') return null
  const team = teamId ?? who.teamIds[0]
  if (!team || !who.teamIds.includes(team))
    refuse('invalid-fields', { fields: [{ field: 'teamId', problem: 'unknown' }] })
  return team
}

export async function createView(
  parts: ViewParts,
  asking: Asking,
  given: NewView,
  writeAtOnce: WriteAtOnce,
): Promise<View> {
  const { who } = asking
  if (given.sharedWith === 'everyone' && !who.permissions.has('views:share')) refuse('not-allowed')
  const id = randomUUID()
  const [sealed] = await parts.vault.seal([
    { target: target(parts.vault, id, 1), value: given.content },
  ])
  const row = {
    id,
    list: given.list,
    kind: given.kind,
    shared_with: given.sharedWith,
    owner_id: who.userId,
    team_id: teamOf(given.sharedWith, given.teamId, who),
    content_sealed: sealed!,
  }
  await writeAtOnce((tx) => store.insertView(tx, row))
  return showView(parts, asking, id)
}

export async function editView(
  parts: ViewParts,
  asking: Asking,
  id: string,
  { rowVersion, content, sharedWith, teamId }: ViewEdit,
  writeAtOnce: WriteAtOnce,
): Promise<View> {
  const { tx, who } = asking
  const row = (await store.findView(tx, id)) ?? refuse('not-found')
  if (sharedWith === 'everyone' && !who.permissions.has('views:share')) refuse('not-allowed')
  const patch: store.ViewPatch = {}
  if (content) {
    patch.content_seal_counter = row.content_seal_counter + 1
    const at = target(parts.vault, id, patch.content_seal_counter)
    patch.content_sealed = (await parts.vault.seal([{ target: at, value: content }]))[0]!
  }
  if (sharedWith) {
    patch.shared_with = sharedWith
    patch.team_id = teamOf(sharedWith, teamId, who)
  }
  const isChanged = await writeAtOnce((write) =>
    store.changeView(write, id, rowVersion, patch),
  ).catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'changed-meanwhile') throw error
    refuse('changed-meanwhile', { current: await showView(parts, asking, id) })
  })
  // It is seen, and somebody else's.
  if (!isChanged) refuse('not-allowed')
  return showView(parts, asking, id)
}

export async function removeView({ tx }: Asking, id: string, writeAtOnce: WriteAtOnce) {
  if (!(await store.findView(tx, id))) refuse('not-found')
  if (!(await writeAtOnce((write) => store.removeView(write, id)))) refuse('not-allowed')
  return { id }
}

/** The filter of a segment, or of a view, as far as the caller may see it. */
export async function segmentFilter(
  vault: Vault,
  tx: ReadTx,
  id: string,
): Promise<Filter | undefined> {
  const outcome = (await openContents(vault, tx, [id])).get(id)
  if (outcome?.kind !== 'open') return undefined
  return outcome.value.filter ?? { all: [] }
}

/** How many records each segment holds at this moment, for the caller. */
export async function countSegments(parts: ViewParts, asking: Asking, list: ListKind) {
  const { items } = await listViews(parts, asking, list)
  const segments = items.filter(({ kind, content }) => kind === 'segment' && content !== null)
  return {
    items: await Promise.all(
      segments.map(async ({ id, content }) => ({
        id,
        count: await parts.count(asking, list, content!.filter ?? { all: [] }),
      })),
    ),
  }
}

export async function listDefaults({ tx }: Asking) {
  const rows = await store.listDefaults(tx)
  return {
    items: rows.map((row) => ({
      list: row.list as ListKind,
      roleId: row.role_id,
      viewId: row.view_id,
    })),
  }
}

export async function setDefault(
  { tx }: Asking,
  { list, roleId, viewId }: DefaultView,
  writeAtOnce: WriteAtOnce,
): Promise<DefaultView> {
  const [isRole, view] = await Promise.all([
    store.isRole(tx, roleId),
    viewId === null ? undefined : store.findView(tx, viewId),
  ])
  if (!isRole) refuse('invalid-fields', { fields: [{ field: 'roleId', problem: 'unknown' }] })
  // Who begins with a view must be able to see it.
  if (viewId !== null && (view?.list !== list || view.shared_with !== 'everyone'))
    refuse('invalid-fields', { fields: [{ field: 'viewId', problem: 'not-shared' }] })
  await writeAtOnce((tx) => store.setDefault(tx, roleId, list, viewId))
  return { list, roleId, viewId }
}
