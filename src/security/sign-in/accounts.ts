import { type KeeperVault, openedOrRefuse, type SealTarget } from '#security/vault/vault.ts'
import type { OrganisationRow } from './store.ts'

export type Profile = { name: string; email: string }

/**
 * What sign-in seals lies under the organisation's own key: staff are no customers, and have no slot of their own.
 * A secret names its person as its subject, so that moved to a colleague's account it does not open.
 */
export function ownTarget(
  vault: KeeperVault,
  table: SealTarget['table'],
  sealedClass: SealTarget['sealedClass'],
  rowId: string,
  sealCounter = 1,
  subjectId = vault.organisationId,
): SealTarget {
  return { table, sealedClass, rowId, subjectId, keySlot: 0, sealCounter }
}

export function profileOf(
  vault: KeeperVault,
  row: { id: string; profile_sealed: Buffer; profile_seal_counter: number },
): Profile {
  return openedOrRefuse(
    vault.openOwn<Profile>(
      ownTarget(vault, 'user_account', 'profile', row.id, row.profile_seal_counter),
      row.profile_sealed,
    ),
  )
}

export function organisationName(vault: KeeperVault, row: OrganisationRow): string {
  if (!row.name_sealed) return ''
  return openedOrRefuse(
    vault.openOwn<{ name: string }>(
      ownTarget(vault, 'organisation', 'profile', row.id, row.name_seal_counter),
      row.name_sealed,
    ),
  ).name
}

export function passwordHashOf(
  vault: KeeperVault,
  userId: string,
  row: { id: string; hash_sealed: Buffer; hash_seal_counter: number },
): string {
  return openedOrRefuse(
    vault.openOwn<string>(
      ownTarget(vault, 'password', 'secret', row.id, row.hash_seal_counter, userId),
      row.hash_sealed,
    ),
  )
}

export function totpSecretOf(
  vault: KeeperVault,
  userId: string,
  row: { id: string; secret_sealed: Buffer; secret_seal_counter: number },
): string {
  return openedOrRefuse(
    vault.openOwn<string>(
      ownTarget(vault, 'totp', 'secret', row.id, row.secret_seal_counter, userId),
      row.secret_sealed,
    ),
  )
}
