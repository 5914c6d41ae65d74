import { outlineRoutes } from '#crm/outlines/routes.ts'
import { shareRoutes } from '#crm/shares/routes.ts'
import { openNames } from '#crm/subject-names.ts'
import type { Route } from '#security/access/route.ts'
import { type RightsParts, rightsRoutes } from '#security/rights/routes.ts'
import type { KeeperVault } from '#security/vault/vault.ts'

/** Who may what, what is shared, and what is left without contact data; names of records are the customers' own to open. */
export function rightsAndShares({
  routes,
  ...parts
}: Omit<RightsParts, 'namesOf' | 'watched'> & {
  vault: KeeperVault
  routes: () => Route[]
}): Route[] {
  const { vault, forgetWho } = parts
  return [
    ...shareRoutes({ vault, forgetWho }),
    ...outlineRoutes(),
    ...rightsRoutes({
      ...parts,
      namesOf: (tx, subjects) => openNames(vault, tx, subjects),
      watched: () => new Set(routes().map(({ needs }) => String(needs))),
    }),
  ]
}
