/**
 * Files that a law has kept: each is sealed under a key of its own from the moment a rule is said, so that erasing whom it is
 * of leaves it. The database holds it until its time: database/functions/retention.sql.
 */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import type { HangsOn } from '../contract.ts'
import { hangsOnOf } from '../hangs-on.ts'
import { openJointNames } from '../joint-names.ts'
import { openNames, type SubjectRef } from '../subject-names.ts'
import type * as shape from './contract.ts'
import { line, openContents } from './file-line.ts'
import type { FileParts } from './files.ts'
import * as store from './store.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who }

export async function listRules(tx: ReadTx): Promise<shape.RetentionRules> {
  const rows = await store.listRules(tx)
  return {
    items: rows.map((row) => ({
      code: row.code,
      jurisdiction: row.jurisdiction as shape.RetentionRule['jurisdiction'],
      name: { nl: row.name_nl, en: row.name_en },
      statute: row.statute,
      years: row.years,
      startsAt: row.starts_at as shape.RetentionRule['startsAt'],
      fromNewYear: row.from_new_year,
    })),
  }
}

/** Refuses a rule that is not in force, and a document without its day. */
export async function requireRule(tx: ReadTx, { rule, from }: shape.Retention): Promise<void> {
  const found = (await store.listRules(tx)).find(({ code }) => code === rule)
  if (!found)
    refuse('invalid-fields', { fields: [{ field: 'retention.rule', problem: 'unknown' }] })
  if (found.starts_at === 'document' && from === null)
    refuse('invalid-fields', { fields: [{ field: 'retention.from', problem: 'empty' }] })
}

/** Has a file kept by a rule, or by another one, or by none: the first time what is sealed of it moves under a key of its own. */
export async function retainFile(
  parts: FileParts,
  { tx }: Asking,
  id: string,
  { rowVersion, retention }: shape.RetentionEdit,
  writeAtOnce: WriteAtOnce,
): Promise<shape.FileLine> {
  const { vault, files } = parts
  const row = await store.findFile(tx, id)
  if (!row?.completed_at || row.deleted_at || row.set_apart_at) refuse('not-found')
  const opened = await openContents(vault, tx, [id], 'none')
  if (row.row_version !== rowVersion)
    refuse('changed-meanwhile', { current: line(row, opened.get(id)) })
  if (row.photo_of) refuse('invalid-fields', { fields: [{ field: 'retention', problem: 'photo' }] })
  if (retention) await requireRule(tx, retention)
  const value = openedOrRefuse(opened.get(id))
  const rule = {
    retention_rule: retention?.rule ?? null,
    retained_from: retention?.from ?? null,
  }
  let patch: store.FilePatch = rule
  // Once it has a key of its own it keeps that: without a law it goes with whom it is of.
  if (retention && row.own_slot === null) {
    const place = { subjectId: id, keySlot: (await vault.drawKeySlots(tx, 1))[0]! }
    const counters = {
      content_seal_counter: row.content_seal_counter + 1,
      key_seal_counter: row.key_seal_counter + 1,
    }
    const target = { table: 'file', sealedClass: 'content', rowId: id, ...place } as const
    const [[content], key] = await Promise.all([
      vault.seal([{ target: { ...target, sealCounter: counters.content_seal_counter }, value }]),
      files.sealKeyAnew(tx, { fileId: id, ...place }, counters.key_seal_counter),
    ])
    patch = {
      ...{ ...rule, ...counters, key_slot: place.keySlot },
      ...{ content_sealed: content!, key_sealed: key },
    }
  }
  const after = await writeAtOnce((write) => store.changeFile(write, id, rowVersion, patch))
  return line(after ?? refuse('not-found'), { kind: 'open', value })
}

/** Those whose time is over, of dossiers the caller sees, and those that erasures set apart. */
export async function listRetained(
  { vault }: FileParts,
  { tx }: Asking,
  { state, limit, cursor }: shape.RetainedQuery,
): Promise<shape.RetainedPage> {
  const after = cursor === undefined ? undefined : readPosition(cursor)
  const rows = await store.listRetained(tx, state, after, limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const ids = page.map(({ id }) => id)
  const subjects = page.filter((row) => !row.set_apart_at).map(hangsOnOf)
  const listed = (kind: HangsOn['kind']) =>
    subjects.filter((one) => one.kind === kind).map(({ id }) => id)
  const recordsNamed = (refs: readonly SubjectRef[]) => openNames(vault, tx, refs)
  const [contents, records, joint, openings] = await Promise.all([
    ids.length > 0 ? openContents(vault, tx, ids, 'dossier') : new Map(),
    recordsNamed(subjects.filter((one) => one.kind !== 'joint_dossier')),
    openJointNames(vault, tx, listed('joint_dossier'), 'list', (ids) =>
      recordsNamed(ids.map((id) => ({ kind: 'person', id }))),
    ),
    ids.length > 0 ? store.listOpenings(tx, ids) : [],
  ])
  const reasons =
    openings.length > 0
      ? await vault.open<{ reason: string }>(tx, {
          table: 'retained_opening',
          sealedClass: 'content',
          ids: openings.map(({ id }) => id),
          purpose: 'dossier',
          record: 'none',
        })
      : undefined
  const reasonOf = (id: string) => {
    const outcome = reasons?.get(id)
    return outcome?.kind === 'open' ? outcome.value.reason : ''
  }
  const said = Map.groupBy(openings, (one) => one.file_id)
  return {
    items: page.map((row) => {
      const subject = row.set_apart_at ? null : hangsOnOf(row)
      return {
        ...line(row, contents.get(row.id)),
        subject,
        subjectName: (subject && (records.get(subject.id) ?? joint.get(subject.id))) ?? null,
        setApartAt: row.set_apart_at?.toISOString() ?? null,
        openings: (said.get(row.id) ?? []).map((one) => ({
          at: one.created_at.toISOString(),
          by: one.created_by,
          purpose: one.purpose as shape.RetainedPurpose,
          reason: reasonOf(one.id),
        })),
      }
    }),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
  }
}

/** For what a file that was set apart is opened: kept first, and its contents can be fetched for a quarter of an hour. */
export async function sayPurpose(
  { vault }: FileParts,
  { tx }: Asking,
  fileId: string,
  { purpose, reason }: shape.RetainedOpening,
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const row = await store.findFile(tx, fileId)
  if (!row?.set_apart_at) refuse('not-found')
  const id = randomUUID()
  const [sealed] = await vault.seal([
    {
      target: {
        table: 'retained_opening',
        sealedClass: 'content',
        rowId: id,
        subjectId: vault.organisationId,
        keySlot: 0,
        sealCounter: 1,
      },
      value: { reason },
    },
  ])
  await writeAtOnce((write) =>
    store.insertOpening(write, { id, file_id: fileId, purpose, content_sealed: sealed! }),
  )
  return { id }
}
