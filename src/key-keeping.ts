/**
 * What works on keys beside the requests: replacing and erasing them, and sealing under another what moves, with what customers'
 * modules say of their records.
 */
import { join } from 'node:path'
import type { Side } from '#crm/duplicates/records.ts'
import { movingRoutes } from '#crm/joint-dossiers/moving-routes.ts'
import { type Connection, openDatabase, type SessionToken } from '#platform/db.ts'
import type { Route } from '#security/access/route.ts'
import type { Ledger } from '#security/ledger/ledger.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { openErasing } from '#security/vault/erasing/erasing.ts'
import { erasingRoutes } from '#security/vault/erasing/routes.ts'
import { openTurn } from '#security/vault/key-work.ts'
import type { Keystore } from '#security/vault/keystore.ts'
import { openNamePrefixes } from '#security/vault/name-prefixes/name-prefixes.ts'
import type { HeldRootKey } from '#security/vault/root-key/held-root-key.ts'
import { openRotations } from '#security/vault/rotation/rotation.ts'
import { rotationRoutes } from '#security/vault/rotation/routes.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { sealedTables } from './sealed-tables.ts'

export type KeyKeepingOptions = {
  connection: Connection
  keystore: Keystore
  /** The directory of the ledger: certificates of erasure lie beside its checkpoints. */
  ledgerDirectory: string
  rootKey: HeldRootKey
  /** For tests and drills, which have no request on its way for a minute. */
  settleMs?: number
}
type Parts = {
  vault: KeeperVault
  ledger: Ledger
  index: RecordIndex
  sides: Record<'person' | 'company', Side>
  token: () => Promise<SessionToken>
  warn: (error: Error) => void
}

export function openKeyKeeping(options: KeyKeepingOptions, parts: Parts) {
  const { connection, keystore, ledgerDirectory, rootKey, settleMs } = options
  const { vault, ledger, index, sides, token, warn } = parts
  const db = openDatabase({ connection, role: 'kluis_rotation', maxConnections: 2 })
  const work = { keystore, db, token, tables: sealedTables, inTurn: openTurn() }
  const names = openNamePrefixes({
    ...work,
    nameOf: (kind, contact) => sides[kind].nameOf(contact),
    blindToken: (column, value) => vault.blindToken(column, value),
    warn,
  })
  const rotations = openRotations({
    ...work,
    hashing: {
      namesAnew: names.writeIn,
      lookupsOf: (kind, contact, confidential) =>
        sides[kind].lookupsOf(
          contact as never,
          (confidential as { ibans?: string[] } | undefined)?.ibans ?? [],
        ),
      async exactToken(fieldId, value) {
        if (typeof value !== 'string') return null
        return (await vault.blindTokens([{ column: `custom:${fieldId}`, value }]))[0]!
      },
    },
    rootKey,
    forgetDrawn: () => vault.forgetDrawn(),
    ...(settleMs !== undefined && { settleMs }),
    warn,
  })
  const erasing = openErasing({
    ...work,
    directory: join(ledgerDirectory, 'erasures'),
    ledger,
    isOfPerson: (kind, contact) => vault.isOfPerson(kind, contact),
    gone: (ids) => {
      index.remove('person', ids)
      index.remove('company', ids)
    },
  })
  const routes: Route[] = [
    ...rotationRoutes(rotations),
    ...erasingRoutes(erasing),
    ...movingRoutes({ rebind: (tx, binding) => vault.rebind(tx, binding) }),
  ]
  return {
    rotations,
    erasing,
    names,
    routes,
    async close(): Promise<void> {
      await names.close()
      await rotations.close()
      await db.close()
    },
  }
}
