/** Roles are the organisation's: made, copied, renamed, edited, removed. What nobody may do with them is PostgreSQL's to refuse. */
import { randomBytes } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { isScoped, permissions } from '../access/permissions.ts'
import type { NewRole, Reach, Role, RoleEdit } from './contract.ts'
import * as store from './store.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
const reachNames: Reach[] = ['own', 'team', 'organisation']
export const reachName = (reach: number): Reach => reachNames[reach - 1]!

export async function listRoles(tx: ReadTx, watched: ReadonlySet<string>): Promise<Role[]> {
  const [roles, grants, effective, holders, fields, unused] = await Promise.all([
    store.listRoles(tx),
    store.listGrants(tx),
    store.listEffective(tx),
    store.listHolders(tx),
    store.countFields(tx),
    store.listUnused(tx),
  ])
  return roles.map(({ id, name, is_built_in, row_version }) => ({
    id,
    name,
    isBuiltIn: is_built_in,
    rowVersion: row_version,
    grants: grants
      .filter((one) => one.role_id === id)
      .map(({ permission, scope }) => ({ permission, scope })),
    effective: effective
      .filter((one) => one.role_id === id)
      .map(({ permission, reach }) => ({ permission, reach: reachName(reach) })),
    holders: holders.filter((one) => one.role_id === id).map((one) => one.id),
    fields: fields.find((one) => one.role_id === id)?.fields ?? 0,
    unused: unused
      .filter((one) => one.role_id === id && watched.has(one.permission))
      .map((one) => one.permission),
  }))
}

async function findRole(tx: ReadTx, id: string, watched: ReadonlySet<string>): Promise<Role> {
  const roles = await listRoles(tx, watched)
  return roles.find((role) => role.id === id) ?? refuse('not-found')
}

export async function addRole(
  tx: ReadTx,
  { name, copyOf }: NewRole,
  watched: ReadonlySet<string>,
  writeAtOnce: WriteAtOnce,
): Promise<Role> {
  const grants = await store.listGrants(tx)
  const copied = grants.filter((one) => one.role_id === copyOf)
  if (copyOf && copied.length === 0)
    refuse('invalid-fields', { fields: [{ field: 'copyOf', problem: 'unknown' }] })
  const id = `role-${randomBytes(6).toString('hex')}`
  await writeAtOnce((write) =>
    Promise.all([
      store.insertRole(write, id, name),
      store.changeGrants(write, id, { gone: [], added: copied, changed: [] }),
    ]),
  )
  return findRole(tx, id, watched)
}

export async function editRole(
  tx: ReadTx,
  id: string,
  { rowVersion, name, grants }: RoleEdit,
  watched: ReadonlySet<string>,
  writeAtOnce: WriteAtOnce,
): Promise<Role> {
  const before = (await store.listGrants(tx)).filter((one) => one.role_id === id)
  const wanted = grants && checked(grants)
  const scopeBefore = new Map(before.map((one) => [one.permission, one.scope]))
  const [isThere] = await writeAtOnce((write) =>
    Promise.all([
      store.changeRole(write, id, rowVersion, name),
      wanted &&
        store.changeGrants(write, id, {
          gone: [...scopeBefore.keys()].filter((one) => !wanted.has(one)),
          added: [...wanted.values()].filter((one) => !scopeBefore.has(one.permission)),
          changed: [...wanted.values()].filter(
            ({ permission, scope }) => (scopeBefore.get(permission) ?? scope) !== scope,
          ),
        }),
    ]),
  )
  if (!isThere) refuse('not-found')
  return findRole(tx, id, watched)
}

/** Each permission once, one that the program knows; one that is about no record reaches the organisation. */
function checked(grants: readonly store.Grant[]): Map<string, store.Grant> {
  const known = new Set<string>(permissions)
  const wanted = new Map<string, store.Grant>()
  grants.forEach(({ permission, scope }, at) => {
    if (!known.has(permission))
      refuse('invalid-fields', {
        fields: [{ field: `grants.${at}.permission`, problem: 'unknown' }],
      })
    wanted.set(permission, { permission, scope: isScoped(permission) ? scope : 'organisation' })
  })
  return wanted
}

export async function removeRole(id: string, writeAtOnce: WriteAtOnce): Promise<void> {
  try {
    if (!(await writeAtOnce((tx) => store.deleteRole(tx, id)))) refuse('not-found')
  } catch (error) {
    // A colleague or a field refers to it.
    if ((error as { code?: string }).code === '23503')
      throw new Problem('role-in-use', undefined, { cause: error })
    throw error
  }
}
