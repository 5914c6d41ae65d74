/**
 * Puts damaged files of a keystore back from its mirror, or the mirror's from the keystore, key by key, and says which keys
 * neither holds any more. It never makes a key: one that is lost is lost, and what it sealed with it.
 *
 * Trusts: the root key; every key it keeps unwraps under it at its own place. Runs while no Kluis does.
 * If lost: it holds nothing. Stopped half way, it begins again from what is there.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import { type CopyFolder, openCopies, segmentFile } from './keystore-folder.ts'
import * as heads from './keystore-head.ts'
import { LOST, readSlot, SEGMENT_BYTES, SEGMENT_SLOTS, wrappedSlot } from './segment.ts'

export type SlotRange = { from: number; to: number }
export type RepairReport = {
  organisationId: string
  segments: number
  /** Files that were damaged or missing and are whole again, or would be without `isDryRun`. */
  putBack: string[]
  /** Keys that no copy holds, newly found. */
  lost: SlotRange[]
  /** Keys that an earlier repair gave up already. */
  givenUp: SlotRange[]
  /** Keys above those of records that no copy holds, such as `search`. */
  lostNamed: string[]
}
export type Repairing = {
  directory: string
  mirror: string | undefined
  rootKey: Buffer
  isDryRun: boolean
  /** Where no copy opens: without it the damaged bytes stay, so that an older copy may still bring the key back. */
  isGivingUp: boolean
}

/** Throws an Error an operator can act on when no copy of the head opens. */
export function repairKeystore(repairing: Repairing): RepairReport {
  const { directory, mirror, rootKey, isDryRun, isGivingUp } = repairing
  const copies = openCopies(directory, mirror)
  const { head, organisationKey, lostNamed } = bestHead(copies, createSecretKey(rootKey))
  const report: RepairReport = {
    organisationId: head.organisationId,
    segments: head.segments.length,
    putBack: [],
    lost: [],
    givenUp: [],
    lostNamed,
  }
  const put = (copy: CopyFolder, name: string, bytes: Buffer) => {
    if (copy.read(name)?.equals(bytes)) return
    report.putBack.push(copy.pathOf(name))
    if (!isDryRun) copy.write(name, bytes)
  }
  const segments = head.segments.map((entry, segment) => {
    const name = segmentFile(segment, entry.generation)
    const key = heads.openSegmentKey(head, organisationKey, segment)
    const found =
      key && mend(createSecretKey(key), head.organisationId, segment, readAll(name), isGivingUp)
    if (!found) {
      report.lost.push(wholeSegment(segment))
      return entry
    }
    report.lost.push(...found.lost)
    report.givenUp.push(...found.givenUp)
    for (const copy of copies) put(copy, name, found.bytes)
    return { ...entry, sha256: heads.fileSum(found.bytes) }
  })
  // The head goes last, and to the mirror first: what it names is there.
  const bytes = heads.headBytes({ ...head, segments })
  for (const copy of copies.toReversed()) put(copy, 'head.json', bytes)
  report.lost = joined(report.lost)
  report.givenUp = joined(report.givenUp)
  return report

  function readAll(name: string): Buffer[] {
    return copies.flatMap((copy) => {
      const bytes = copy.read(name)
      return bytes?.length === SEGMENT_BYTES ? [bytes] : []
    })
  }
}

const wholeSegment = (segment: number): SlotRange => ({
  from: segment * SEGMENT_SLOTS,
  to: (segment + 1) * SEGMENT_SLOTS - 1,
})

/** The keystore's own head, each key in it that does not open taken from the mirror's. */
function bestHead(
  copies: CopyFolder[],
  rootKey: KeyObject,
): { head: heads.Head; organisationKey: KeyObject; lostNamed: string[] } {
  const opened = copies.flatMap((copy) => {
    const head = heads.readHead(copy.read('head.json'))
    const organisationKey = head && heads.openOrganisationKey(head, rootKey)
    return head && organisationKey ? [{ head, organisationKey }] : []
  })
  const [best, other] = opened
  if (!best)
    throw new Error(
      'no copy of the keystore has a head file that opens with this root key\nstate: nothing was changed\ntry: the root key that belongs to it, or the newest backup of the keystore',
    )
  const { organisationKey } = best
  const head: heads.Head = { ...best.head, named: { ...best.head.named } }
  // Only what is of the same moment fits: the same organisation key, and of a segment the same generation.
  const spare =
    other &&
    other.head.organisationId === head.organisationId &&
    other.organisationKey.export().equals(organisationKey.export())
      ? other.head
      : undefined
  const lostNamed = heads.namedKeys.filter((name) => {
    if (heads.openNamedKey(head, organisationKey, name)) return false
    if (!spare || !heads.openNamedKey(spare, organisationKey, name)) return true
    head.named[name] = spare.named[name]
    return false
  }) as string[]
  if (!heads.openLookupKeys(head, organisationKey)) {
    if (spare?.lookup && heads.openLookupKeys(spare, organisationKey)) head.lookup = spare.lookup
    else lostNamed.push('lookup')
  }
  head.segments = head.segments.map((entry, segment) => {
    if (heads.openSegmentKey(head, organisationKey, segment)) return entry
    const spared = spare?.segments[segment]
    const isSame = spared?.generation === entry.generation
    return isSame && heads.openSegmentKey(spare!, organisationKey, segment) ? spared : entry
  })
  return { head, organisationKey, lostNamed }
}

/** Each slot from the first copy where it opens. Undefined when no copy of the whole file is there. */
function mend(
  key: KeyObject,
  organisationId: string,
  segment: number,
  copies: Buffer[],
  isGivingUp: boolean,
): { bytes: Buffer; lost: SlotRange[]; givenUp: SlotRange[] } | undefined {
  if (copies.length === 0) return undefined
  const lost: SlotRange[] = []
  const givenUp: SlotRange[] = []
  const slots = Array.from({ length: SEGMENT_SLOTS }, (_, i) => {
    const slot = segment * SEGMENT_SLOTS + i
    const good = copies.find(
      (bytes) => readSlot(key, organisationId, bytes, slot).kind !== 'damaged',
    )
    if (good) return wrappedSlot(good, slot)
    const isKnown = copies.some((bytes) => wrappedSlot(bytes, slot).equals(LOST))
    ;(isKnown ? givenUp : lost).push({ from: slot, to: slot })
    return isKnown || isGivingUp ? LOST : wrappedSlot(copies[0]!, slot)
  })
  return { bytes: Buffer.concat(slots), lost, givenUp }
}

function joined(ranges: SlotRange[]): SlotRange[] {
  const all: SlotRange[] = []
  for (const { from, to } of ranges) {
    const last = all.at(-1)
    if (last?.to === from - 1) last.to = to
    else all.push({ from, to })
  }
  return all
}
