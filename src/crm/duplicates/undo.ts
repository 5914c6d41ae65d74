import { refuse } from '#platform/problem.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import { compareLookups } from '../lookups.ts'
import type { Merges, Undone } from './contract.ts'
import { isToldElsewhere, undoUntil } from './merge.ts'
import {
  type Asking,
  type Before,
  type DuplicateParts,
  ibansOf,
  movingTables,
  openContents,
  sealAnew,
} from './records.ts'
import * as store from './store.ts'
import { contentsBefore } from './unite.ts'
import { swapBack } from './values.ts'

/** What was merged into this record; told only to those who saw both. */
export async function showMerges(
  { vault }: DuplicateParts,
  kind: store.Kind,
  { tx, who }: Asking,
  id: string,
): Promise<Merges> {
  const [visible, rows] = await Promise.all([
    store.listVisible(tx, kind, [id]),
    store.listMerges(tx, kind, id),
  ])
  if (!visible.has(id)) refuse('not-found')
  const opened = await vault.open<Before>(tx, {
    table: 'merge',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    record: 'none',
  })
  const mayEdit = who.permissions.has(kind === 'person' ? 'people:edit' : 'companies:edit')
  return {
    items: rows.map((row) => {
      const outcome = opened.get(row.id)
      return {
        id: row.id,
        mergedId: row.merged_id,
        mergedName: outcome?.kind === 'open' ? outcome.value.name : '',
        at: row.created_at.toISOString(),
        by: row.created_by,
        undoUntil: undoUntil(row.created_at),
        canUndo: mayEdit && row.is_open && row.subject_id === row.kept_id,
      }
    }),
  }
}

/** Makes two records of one again: as they were before, and what came since with the one that was kept. */
export async function undoMerge(
  parts: DuplicateParts,
  kind: store.Kind,
  { tx: reading, who, token }: Asking,
  id: string,
): Promise<Undone> {
  const { vault, index } = parts
  const side = parts.sides[kind]
  // Under the caller's own eyes first: who saw only one of the two never learns that there was another.
  if (!(await store.findMerge(reading, kind, id))) refuse('not-found')
  const done = await parts.worker.write(
    token,
    async (tx) => {
      const merge = (await store.findMerge(tx, kind, id, true)) ?? refuse('not-found')
      const { kept_id: keptId, merged_id: otherId } = merge
      if (merge.subject_id !== keptId) refuse('already-done', { why: 'merged-on' })
      if (!merge.is_open) refuse('already-done', { why: 'too-late' })
      const locked = await store.lockRecords(tx, kind, [keptId, otherId])
      const hidden = locked.find((row) => row.id === otherId)
      if (locked.length !== 2 || hidden?.merged_into !== keptId) refuse('not-found')
      const opened = await vault.open<Before>(tx, {
        table: 'merge',
        sealedClass: 'content',
        ids: [id],
        purpose: 'edit',
        record: 'none',
      })
      const before = openedOrRefuse(opened.get(id))
      const found = await openContents(parts, tx, kind, [keptId, otherId], 'none')
      const [kept, other] = [found.get(keptId)!, found.get(otherId)!]
      const { contents, stayed } = contentsBefore(before.kept, before.merged, kept.contents)

      for (const [table, only] of Object.entries(before.moved))
        if (only.length > 0)
          await vault.rebind(tx, {
            table: table as never,
            kind,
            from: keptId,
            to: { id: otherId, keySlot: other.row.key_slot },
            only,
          })
      await swapBack(parts, tx, kind, kept, other, before.swapped ?? [])
      for (const link of parts.links) {
        const only = before.links[store.linkName(link)] ?? []
        if (link.kind === kind && only.length > 0)
          await store.moveLinks(tx, link, keptId, otherId, { only })
      }
      await parts.ties.part(tx, before.united)
      await store.deleteToldApart(tx, kind, before.toldApart)
      const contactOf = (one: typeof contents) => one.classes.contact as never
      await store.changeLookups(
        tx,
        kind,
        keptId,
        compareLookups(
          ...(await Promise.all([
            side.lookupsOf(contactOf(kept.contents), ibansOf(kept.contents)),
            side.lookupsOf(contactOf(contents), ibansOf(contents)),
          ])),
        ),
      )
      const row = await store.changeRecord(
        tx,
        kind,
        { id: keptId, version: kept.row.row_version },
        contents.placement,
        await sealAnew(parts, kind, kept, contents),
      )
      await store.showRecordAgain(tx, kind, { id: otherId, version: other.row.row_version })
      await store.closeMerge(tx, { id, version: merge.row_version }, who.userId)
      await store.recordEvent(tx, 'merge-undone', kind, id)
      return {
        keptId,
        otherId,
        stayed,
        mergedAt: merge.created_at,
        documents: [
          side.describe(row ?? refuse('not-found'), contactOf(contents)),
          side.describe(
            { ...other.row, row_version: other.row.row_version + 1 },
            contactOf(other.contents),
          ),
        ],
      }
    },
    'merge-undone',
  )
  index.put(done.documents)
  parts.likely.setMerged(kind, done.otherId, false)
  return {
    keptId: done.keptId,
    restoredId: done.otherId,
    stayed: {
      fields: done.stayed,
      rows: await store.countHanging(
        reading,
        kind,
        done.keptId,
        movingTables(parts, kind).filter((table) => !isToldElsewhere(table)),
        done.mergedAt,
      ),
    },
  }
}
