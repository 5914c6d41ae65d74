/**
 * Erasing: the keys of one person or company are destroyed, and with them whatever they sealed. The row that says so is
 * written first: from then on every start destroys those keys again, whatever copy was put back meanwhile.
 *
 * Trusts: the keystore, for the destruction itself. If lost: the rows in the database and the files beside it each bring
 * back the other.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { SubjectKind } from '../catalogue.ts'
import { writeDurably } from '../durable-file.ts'
import { type KeyWork, ofSubjects, recordEvent } from '../key-work.ts'
import { openRecord, type SealTarget, sealRecord } from '../sealed-record.ts'
import { rowOpener } from '../vault.ts'
import { certificateText, daysLater, remainsOf } from './certificate.ts'
import type * as shape from './contract.ts'
import * as store from './store.ts'
import { readKept, type Tombstone, tombstoneOf } from './tombstone.ts'

export type ErasingParts = KeyWork & {
  /** Where certificates are kept outside the database. */
  directory: string
  ledger: {
    /** What the ledger calls a record or colleague. */
    nameOf(table: string, id: string): string
    signed(text: string): string
    isSigned(note: string): boolean
  }
  /** Of a company: whether it is a human being, who goes with it. */
  isOfPerson: (kind: 'person' | 'company', contact: object) => boolean
  gone: (ids: string[]) => void
}
export type Erasing = ReturnType<typeof openErasing>

type Content = {
  reason: string
  by: string | null
  slots: number[]
  erasedAt: string
  companies: string[]
  /** None in an erasure of before there were any. */
  joint?: { erased: string[]; left: number }
  retained?: shape.RetainedCount[]
}
type Ids = Record<SubjectKind, string[]>
type Found = shape.Plan & { ids: Ids; slots: number[] }

const PURPOSE = 'erasure'

export function openErasing(parts: ErasingParts) {
  const { keystore, db, inTurn, directory, ledger } = parts
  const tables = ofSubjects(parts.tables)

  const target = (id: string, counter: number): SealTarget => ({
    table: 'erasure',
    sealedClass: 'content',
    rowId: id,
    subjectId: keystore.organisationId,
    keySlot: 0,
    sealCounter: counter,
  })
  const ownKey = () => {
    const own = keystore.slotKey(0)
    if (own.kind === 'closed') throw new Problem('keystore-unavailable')
    return own.key
  }
  function openContent(row: store.ErasureRow): Content | undefined {
    const at = target(row.id, row.content_seal_counter)
    const outcome = openRecord<Content>(ownKey(), keystore.organisationId, at, row.content_sealed)
    return outcome.kind === 'open' ? outcome.value : undefined
  }
  function contentOf(row: store.ErasureRow): Content {
    return openContent(row) ?? refuse('record-damaged', { erasure: row.id })
  }

  /** Of a row that does not open they stand in the file beside the database as well. */
  function slotsOf(row: store.ErasureRow): number[] {
    const content = openContent(row)
    if (content) return content.slots
    const [kept] = readKept(directory, (name) => name === `${row.id}.json`)
    if (!kept || !ledger.isSigned(kept.tombstone))
      throw new Error(
        `the erasure ${row.id} does not open, so that its keys can not be destroyed again\nstate: nothing was erased anew\ntry: put ${row.id}.json back into ${directory} from a copy of the ledger's directory`,
      )
    return tombstoneOf(kept).slots
  }

  async function look(tx: ReadTx, subject: shape.Subject): Promise<Found> {
    const own = (await store.listOneWith(tx, subject)).map(({ id }) => id)
    if (own.length === 0) refuse('not-found')
    const ids: Ids = { person: [], company: [], joint_dossier: [], [subject.kind]: own }
    const left: string[] = []
    if (subject.kind === 'person') {
      const openRow = rowOpener(keystore)
      for (const row of await store.listCompaniesOf(tx, own)) {
        const outcome = openRow<object>(
          { table: 'company', sealedClass: 'contact' },
          { ...row, subject_id: row.id },
        )
        if (outcome.kind === 'closed' || !parts.isOfPerson('company', outcome.value)) continue
        // Whose it is does not stand in it: where others work too, somebody decides.
        if (row.others > 0) left.push(row.id)
        else
          ids.company.push(
            ...(await store.listOneWith(tx, { kind: 'company', id: row.id })).map(({ id }) => id),
          )
      }
    }
    const joint = subject.kind === 'person' ? await store.listJointOf(tx, own) : []
    const alone = joint.filter(({ others }) => others === 0)
    ids.joint_dossier.push(...alone.map(({ id }) => id))
    const slots = await store.listSlots(tx, tables, allOf(ids))
    await requireOwn(tx, slots, allOf(ids))
    const soleTraderCompanies = subject.kind === 'person' ? ids.company : []
    const jointDossiers = { erased: alone.length, left: joint.length - alone.length }
    const retained = await store.countRetained(tx, allOf(ids))
    const merged = own.length - 1
    const keySlots = slots.length
    return { ids, slots, merged, soleTraderCompanies, left, jointDossiers, keySlots, retained }
  }

  async function requireOwn(tx: ReadTx, slots: number[], ids: string[]): Promise<void> {
    const others = await store.listOthersSlots(tx, slots, ids)
    if (others.length > 0) refuse('record-damaged', { keySlotsOfOthers: others })
  }

  const name = (kind: string, id: string) => ledger.nameOf(`kluis.${kind}`, id)
  function shown(row: store.ErasureRow, content = contentOf(row)): shape.Erasure {
    const alsoNames = ({ kind, also_ids: ids }: store.ErasureRow) =>
      ids.map((id) => {
        if (content.joint?.erased.includes(id)) return name('joint_dossier', id)
        return name(content.companies.includes(id) ? 'company' : kind, id)
      })
    const { joint } = content
    const jointDossiers = { erased: joint?.erased.length ?? 0, left: joint?.left ?? 0 }
    const certificate: shape.Certificate = {
      format: 'kluis-erasure/1',
      id: row.id,
      organisationId: keystore.organisationId,
      kind: row.kind,
      records: [name(row.kind, row.subject_id), ...alsoNames(row)],
      event: ledger.nameOf('event', row.subject_id),
      erasedAt: content.erasedAt,
      completeOn: row.complete_on,
      keySlots: content.slots,
      by: content.by && ledger.nameOf('user', content.by),
      reason: content.reason,
      ...(jointDossiers.erased + jointDossiers.left > 0 && { jointDossiers }),
      remains: remainsOf(
        row.kind,
        new Date(content.erasedAt),
        row.complete_on,
        content.retained ?? [],
        jointDossiers.left,
      ),
      ...(content.retained && { retained: content.retained }),
    }
    return {
      id: row.id,
      certificate,
      text: certificateText(certificate),
      note: ledger.signed(`${JSON.stringify(certificate)}\n`),
      by: content.by,
    }
  }

  function shownClosed(row: store.ErasureRow): shape.ClosedErasure {
    return {
      id: row.id,
      kind: row.kind,
      record: name(row.kind, row.subject_id),
      event: ledger.nameOf('event', row.subject_id),
      erasedAt: row.created_at.toISOString(),
      completeOn: row.complete_on,
    }
  }

  /** Beside the database, so that a copy of it that is put back does not undo an erasure. */
  function keep(row: store.ErasureRow): void {
    const path = join(directory, `${row.id}.json`)
    if (existsSync(path)) return
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const { certificate, text, note } = shown(row)
    const { id, kind, subject_id, also_ids, complete_on } = row
    const said: Tombstone = {
      ...{ id, kind, subject_id, also_ids, complete_on },
      slots: certificate.keySlots,
    }
    const tombstone = ledger.signed(`${JSON.stringify(said)}\n`)
    const file = { certificate, text, note, tombstone, content: row.content_sealed.toString('hex') }
    writeDurably(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`))
  }
  function destroy(slots: readonly number[]): number {
    const keyOf = keystore.batchKeys()
    const there = slots.filter((slot) => keyOf(slot).kind === 'key')
    if (there.length > 0) keystore.eraseSlots(there)
    return there.length
  }

  /** Once more when the key is gone: whoever sealed before that may have written, behind the row, what the record is found by. */
  async function forget(rows: readonly store.ErasureRow[], alsoGone: string[] = []): Promise<void> {
    const ids = rows.flatMap(idsOf)
    await db.write(
      await parts.token(),
      async (tx) => {
        await store.lockRecords(tx, 'person', ids)
        await store.lockRecords(tx, 'company', ids)
        await store.clearLookups(tx, ids)
        await store.lockJointOf(tx, ids)
        await store.leaveJoint(tx, ids)
        await store.setRetainedApart(tx, [...ids, ...alsoGone])
        await store.removeRetained(tx, rows.filter(({ kind }) => kind === 'file').flatMap(idsOf))
      },
      PURPOSE,
    )
  }

  async function eraseNow(asked: shape.NewErasure, by: string | null): Promise<shape.Erasure> {
    const { subject, reason, graceDays } = asked
    if (keystore.state() === 'away') throw new Problem('keystore-unavailable')
    const now = new Date()
    const row = await db.write(
      await parts.token(),
      async (tx) => {
        await store.lockRecords(tx, subject.kind, [subject.id])
        const isPerson = subject.kind === 'person'
        if (isPerson)
          await store.lockJointOf(
            tx,
            (await store.listOneWith(tx, subject)).map(({ id }) => id),
          )
        const { ids, slots, jointDossiers, retained } = await look(tx, subject)
        const all = allOf(ids)
        const made = await insert(tx, {
          kind: subject.kind,
          ids: [subject.id, ...all.filter((one) => one !== subject.id)],
          graceDays,
          content: {
            ...{ reason, by, slots, erasedAt: now.toISOString(), companies: ids.company },
            ...(isPerson && { joint: { erased: ids.joint_dossier, left: jointDossiers.left } }),
            ...(retained.length > 0 && { retained }),
          },
        })
        await store.clearLookups(tx, all)
        await store.leaveJoint(tx, ids.person)
        return made
      },
      PURPOSE,
    )
    await finish(row)
    parts.gone(idsOf(row))
    return shown(row)
  }

  /** The row that says what is erased, before anything is. */
  async function insert(
    tx: Tx,
    given: { kind: shape.ErasedKind; ids: string[]; graceDays: number; content: Content },
  ): Promise<store.ErasureRow> {
    const { kind, ids, graceDays, content } = given
    const id = randomUUID()
    const [subject, ...also] = ids
    const version = keystore.sealVersion()
    const at = target(id, 1)
    const made = await store.insertErasure(tx, {
      ...{ id, kind, subject_id: subject!, also_ids: also },
      complete_on: daysLater(new Date(content.erasedAt), graceDays),
      content_sealed: sealRecord(ownKey(), keystore.organisationId, at, content, version),
    })
    await recordEvent(tx, 'erasure', subject!, { keys: content.slots.length })
    return made!
  }

  /** From the row on every start ends what is not done. */
  async function finish(row: store.ErasureRow): Promise<void> {
    destroy(contentOf(row).slots)
    await forget([row])
    keep(row)
  }

  async function eraseFilesNow(
    { ids, reason, graceDays, isWronglyKept }: shape.NewFileErasure,
    by: string | null,
  ): Promise<shape.Erasure> {
    if (keystore.state() === 'away') throw new Problem('keystore-unavailable')
    const row = await db.write(
      await parts.token(),
      async (tx) => {
        const files = await store.lockRetained(tx, ids)
        if (files.length !== new Set(ids).size) refuse('not-found')
        if (!isWronglyKept && files.some((file) => !file.is_over)) refuse('kept-by-law')
        const slots = files.map((file) => file.key_slot).sort((a, b) => a - b)
        await requireOwn(tx, slots, ids)
        const content = { reason, by, slots, erasedAt: new Date().toISOString(), companies: [] }
        return insert(tx, { kind: 'file', ids: files.map(({ id }) => id), graceDays, content })
      },
      PURPOSE,
    )
    await finish(row)
    return shown(row)
  }

  return {
    async plan(subject: shape.Subject): Promise<shape.Plan> {
      const found = await look(db.reader(await parts.token(), PURPOSE), subject)
      const { merged, soleTraderCompanies, left, jointDossiers, keySlots, retained } = found
      return { merged, soleTraderCompanies, left, jointDossiers, keySlots, retained }
    },

    erase: (asked: shape.NewErasure, by: string | null) => inTurn(() => eraseNow(asked, by)),

    /** Files that a law had kept, and does not any longer: refuses all of them where one is still to be kept, unless wrongly. */
    eraseFiles: (asked: shape.NewFileErasure, by: string | null) =>
      inTurn(() => eraseFilesNow(asked, by)),

    async list(tx: ReadTx): Promise<shape.Erasures> {
      const erasures: shape.Erasures = { items: [], closed: [] }
      for (const row of await store.listErasures(tx)) {
        const content = openContent(row)
        if (content) erasures.items.push(shown(row, content))
        else erasures.closed.push(shownClosed(row))
      }
      return erasures
    },

    /** Null while the record was not erased. `mayKnow`: by whom, and why. */
    async of({ id }: shape.Subject, mayKnow: boolean): Promise<shape.Erased | null> {
      const row = await store.findErasureOf(db.reader(await parts.token(), PURPOSE), id)
      if (!row) return null
      const content = openContent(row)
      return {
        erasedAt: content?.erasedAt ?? row.created_at.toISOString(),
        completeOn: row.complete_on,
        erasure: mayKnow && content ? shown(row, content) : null,
      }
    },

    isSeen: store.isSeen,
    areFilesSeen: store.areFilesSeen,
    listSeen: store.listSeen,

    /** At each start. Gives how many erasures had come undone, or were not finished. */
    reapply: () =>
      inTurn(async () => {
        const token = await parts.token()
        let again = 0
        const rows = await store.listAllErasures(db.reader(token, PURPOSE))
        const known = new Set(rows.map(({ id }) => id))
        const alsoGone: string[] = []
        for (const kept of readKept(directory, (name) => !known.has(name.slice(0, -5)))) {
          if (!ledger.isSigned(kept.tombstone)) continue
          const { slots: _, ...said } = tombstoneOf(kept)
          const content_sealed = Buffer.from(kept.content, 'hex') as never
          const row = await db.write(
            token,
            (tx) => store.insertErasure(tx, { ...said, content_sealed }),
            PURPOSE,
          )
          if (row) rows.push(row)
        }
        for (const row of rows) {
          const all = idsOf(row)
          // A copy of before may have other keys than those that were destroyed then: what the record has now goes as well.
          const reader = db.reader(token, PURPOSE)
          // In that copy they may be the only party of a joint dossier that had others then.
          const alone = (await store.listJointOf(reader, all)).filter(({ others }) => others === 0)
          alsoGone.push(...alone.map(({ id }) => id))
          const gone = [...all, ...alone.map(({ id }) => id)]
          const said = slotsOf(row)
          const now = await store.listSlots(reader, tables, gone)
          const more = now.filter((slot) => !said.includes(slot))
          const others = await store.listOthersSlots(reader, more, gone)
          const erased = destroy([...said, ...more.filter((slot) => !others.includes(slot))])
          if (erased > 0)
            await db.write(
              token,
              async (tx) => {
                await recordEvent(tx, 'erasure-again', row.subject_id, { keys: erased })
              },
              PURPOSE,
            )
          keep(row)
          again += erased > 0 ? 1 : 0
        }
        if (rows.length > 0) await forget(rows, alsoGone)
        return again
      }),
  }
}

const allOf = ({ person, company, joint_dossier }: Ids) => [...person, ...company, ...joint_dossier]
const idsOf = (row: store.ErasureRow) => [row.subject_id, ...row.also_ids]
