import type { z } from 'zod'
import type { Database, ReadTx, SessionToken, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { IndexDocument } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { SealedClass } from '#security/vault/catalogue.ts'
import { type KeeperVault, openedOrRefuse } from '#security/vault/vault.ts'
import type { FieldCatalogue } from '../field-catalogue.ts'
import type { Lookup } from '../lookups.ts'
import type { IndexRow } from '../store.ts'
import type { Identity } from './likeness.ts'
import type { LikelyPairs } from './pass.ts'
import * as store from './store.ts'
import type { Contents } from './unite.ts'

/** What people and companies do differently; their modules say it. */
export type Side = {
  kind: store.Kind
  identityOf(contact: never): Identity
  nameOf(contact: never): string
  /** What a contact may hold: two records' addresses together may be too many. */
  contact: z.ZodType<object>
  lookupsOf(contact: never, ibans: string[]): Promise<Lookup[]>
  describe(row: IndexRow, contact: never): IndexDocument
}

/** What it was and became is for whoever united it. */
export type United = { id: string; before: unknown; after: unknown }
/** Ties between people and companies, of which two records may have the same. */
export type Ties = {
  unite(
    tx: Tx,
    kind: store.Kind,
    keptId: string,
    otherId: string,
  ): Promise<{ left: string[]; united: United[] }>
  part(tx: Tx, united: United[]): Promise<void>
}

export type DuplicateParts = {
  vault: KeeperVault
  fields: FieldCatalogue
  index: RecordIndex
  /** Merging sees what was merged away, and moves what its caller may not read. */
  worker: Database
  sides: Record<store.Kind, Side>
  ties: Ties
  /** What hangs on a record without being sealed under its key. */
  links: readonly store.Link[]
  /** What is true of one record alone, and stays with it: what an import changed of it. */
  staying: readonly string[]
  likely: LikelyPairs
}
export type Asking = { tx: ReadTx; who: Who; token: SessionToken }

/** The tables whose rows move when a record is merged. */
export function movingTables({ vault, staying }: DuplicateParts, kind: store.Kind) {
  return vault.sealedOf(kind).hanging.filter((table) => !staying.includes(table))
}

type Fields = Record<string, unknown>
export type Opened = { row: store.RecordRow; contents: Contents }

/** All classes of these records, in values. What the caller may not see is absent. */
export async function openContents(
  { vault }: DuplicateParts,
  tx: ReadTx,
  kind: store.Kind,
  ids: readonly string[],
  record: 'dossier' | 'none',
): Promise<Map<string, Opened>> {
  const { classes } = vault.sealedOf(kind)
  const found = await vault.openRecords<store.RecordRow, Record<SealedClass, Fields>>(tx, {
    table: kind,
    classes,
    also: [...store.COLUMNS, ...classes.map((name) => `${name}_seal_counter`)],
    ids,
    purpose: 'edit',
    record,
  })
  return new Map(
    [...found].map(([id, { row, opened }]) => {
      const values: Contents['classes'] = {}
      for (const name of classes)
        if (opened[name]) values[name] = openedOrRefuse<Fields>(opened[name])
      const placement = { stage: row.stage, ownerId: row.owner_id, teamId: row.team_id }
      return [id, { row, contents: { classes: values, placement } }]
    }),
  )
}

/** Foreign, missing, merged away and thrown away are one answer. */
export async function openBoth(
  parts: DuplicateParts,
  tx: ReadTx,
  kind: store.Kind,
  { keptId, otherId }: { keptId: string; otherId: string },
): Promise<{ kept: Opened; other: Opened }> {
  // Looked at first, so that asking for a record leaves no trace of having seen the other.
  const visible = await store.listVisible(tx, kind, [keptId, otherId])
  if (visible.size !== 2) refuse('not-found')
  const found = await openContents(parts, tx, kind, [keptId, otherId], 'dossier')
  const [kept, other] = [found.get(keptId), found.get(otherId)]
  if (!kept || !other) refuse('not-found')
  return { kept, other }
}

export function ibansOf({ classes }: Contents): string[] {
  const ibans = classes.confidential?.ibans
  return Array.isArray(ibans) ? ibans : []
}

/** The blobs of what differs from before, under the record's own key. */
export async function sealAnew(
  { vault }: DuplicateParts,
  kind: store.Kind,
  { row, contents: before }: Opened,
  after: Contents,
): Promise<store.SealedAnew[]> {
  const changed = vault
    .sealedOf(kind)
    .classes.filter(
      (name) => JSON.stringify(before.classes[name]) !== JSON.stringify(after.classes[name]),
    )
  const filled = changed.filter((name) => after.classes[name])
  const counterOf = (name: SealedClass) => row[`${name}_seal_counter`] + 1
  const sealed = await vault.seal(
    filled.map((sealedClass) => ({
      target: {
        table: kind,
        sealedClass,
        rowId: row.id,
        subjectId: row.id,
        keySlot: row.key_slot,
        sealCounter: counterOf(sealedClass),
      },
      value: after.classes[sealedClass],
    })),
  )
  return changed.map((sealedClass) => {
    const at = filled.indexOf(sealedClass)
    return at < 0
      ? { sealedClass, sealed: null, counter: row[`${sealedClass}_seal_counter`] }
      : { sealedClass, sealed: sealed[at]!, counter: counterOf(sealedClass) }
  })
}

/** What undoing needs; sealed in the merge, under the key of the record that was kept. */
export type Before = {
  name: string
  kept: Contents
  merged: Contents
  moved: Record<string, string[]>
  links: Record<string, string[]>
  united: United[]
  toldApart: string[]
  /** Confidential values of the kept record that went to the other; none in a merge of before there were any. */
  swapped?: string[]
}
