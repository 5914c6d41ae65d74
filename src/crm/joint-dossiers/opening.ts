/** What of joint dossiers is shown, to whoever sees one of their parties; and opened for a change. */
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { type OpenOutcome, openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { jointName } from '../joint-names.ts'
import { isPast, today } from '../periods.ts'
import { openNames } from '../subject-names.ts'
import {
  JointContent,
  type JointDossier,
  type JointDossiers,
  type Party,
  PartyContent,
} from './contract.ts'
import * as store from './store.ts'

export type JointDossierParts = { vault: Vault }
export type Asking = { tx: ReadTx; who: Who; now: Date }
export type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

export async function listJointDossiers(
  parts: JointDossierParts,
  asking: Asking,
  personId: string,
): Promise<JointDossiers> {
  const [[person], ids] = await Promise.all([
    store.listPeople(asking.tx, [personId]),
    store.listDossierIds(asking.tx, personId),
  ])
  if (!person) refuse('not-found')
  const items = await openDossiers(parts, asking, ids, 'list')
  return { items: [...items].sort((a, b) => Number(!!a.endedAt) - Number(!!b.endedAt)) }
}

export async function showJointDossier(
  parts: JointDossierParts,
  asking: Asking,
  id: string,
  record: 'list' | 'dossier' = 'dossier',
): Promise<JointDossier> {
  const [found] = await openDossiers(parts, asking, [id], record)
  return found ?? refuse('not-found')
}

/** In the order asked; those of which the caller sees no party are absent. */
async function openDossiers(
  { vault }: JointDossierParts,
  { tx, now }: Asking,
  ids: readonly string[],
  record: 'list' | 'dossier',
): Promise<JointDossier[]> {
  if (ids.length === 0) return []
  const [records, parties, unseen] = await Promise.all([
    vault.openRecords<store.DossierRow, { content: JointContent }>(tx, {
      table: 'joint_dossier',
      classes: ['content'],
      also: store.DOSSIER_COLUMNS,
      ids,
      purpose: record,
      record,
    }),
    store.listParties(tx, ids),
    store.countUnseen(tx, ids),
  ])
  const [contents, names] = await Promise.all([
    openParties(vault, tx, parties),
    openNames(
      vault,
      tx,
      parties.map((row) => ({ kind: 'person' as const, id: row.person_id })),
    ),
  ])
  const day = today(now)
  return ids.flatMap((id) => {
    const found = records.get(id)
    if (!found) return []
    const own = parties
      .filter((row) => row.joint_dossier_id === id)
      .map((row) => shownParty(row, found.row, contents.get(row.id), names, day))
    return [shown(found.row, found.opened.content, own, unseen.get(id) ?? 0)]
  })
}

export function openParties(vault: Vault, tx: ReadTx, rows: readonly store.PartyRow[]) {
  return vault.open<PartyContent>(tx, {
    table: 'joint_party',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    // Of the dossier, whose opening is recorded in the same turn.
    record: 'none',
  })
}

function shownParty(
  row: store.PartyRow,
  dossier: store.DossierRow,
  outcome: OpenOutcome<PartyContent> | undefined,
  names: Map<string, string | null>,
  day: string,
): Party {
  const content = outcome?.kind === 'open' ? PartyContent.parse(outcome.value) : undefined
  const until = content?.until ?? ''
  return {
    id: row.id,
    personId: row.person_id,
    name: names.get(row.person_id) ?? null,
    role: content?.role ?? null,
    since: content?.since ?? '',
    until,
    isPast: dossier.ended_at !== null || isPast({ until }, day),
    isInTrash: row.is_in_trash,
    mayEdit: row.may_edit,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

function shown(
  row: store.DossierRow,
  outcome: OpenOutcome<JointContent> | undefined,
  parties: Party[],
  unseenParties: number,
): JointDossier {
  const name = outcome?.kind === 'open' ? outcome.value.name : ''
  return {
    id: row.id,
    name,
    displayName: jointName(
      name,
      parties.map((party) => party.name ?? ''),
    ),
    parties,
    unseenParties,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    reviewSince: row.review_since?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

/** What the dossier is, for whoever changes it; its name opens, or nothing is changed. */
export async function openForChange(
  { vault }: JointDossierParts,
  { tx }: Asking,
  id: string,
): Promise<{ row: store.DossierRow; content: JointContent; parties: store.PartyRow[] }> {
  const [records, parties] = await Promise.all([
    vault.openRecords<store.DossierRow, { content: JointContent }>(tx, {
      table: 'joint_dossier',
      classes: ['content'],
      also: store.DOSSIER_COLUMNS,
      ids: [id],
      purpose: 'edit',
      record: 'none',
    }),
    store.listParties(tx, [id]),
  ])
  const found = records.get(id) ?? refuse('not-found')
  if (!parties.some((row) => row.may_edit)) refuse('not-allowed')
  return {
    row: found.row,
    content: JointContent.parse(openedOrRefuse(found.opened.content)),
    parties,
  }
}
