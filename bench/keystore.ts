/**
 * A keystore of 1,000,000 people: how long it takes to make and to open, what it holds in memory, what it is on disk, and
 * what erasing one key or replacing one segment's key costs. Prints JSON. `--slots N` for another size.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openKeystore, SEGMENT_SLOTS } from '#security/vault/keystore.ts'
import { repairKeystore } from '#security/vault/repair.ts'

const { values } = parseArgs({ options: { slots: { type: 'string', default: '1000000' } } })
const SLOTS = Number(values.slots)
const SEGMENTS = Math.ceil(SLOTS / SEGMENT_SLOTS)
const LOOKS = 20_000
const ROUNDS = 9

const root = mkdtempSync(join(tmpdir(), 'kluis-bench-'))
const directory = join(root, 'keys')
const mirror = join(root, 'mirror')
const rootKey = randomBytes(32)
const megabytes = (bytes: number) => Number((bytes / 1024 / 1024).toFixed(1))
const timed = (work: () => void): number => {
  // Of the processor, as in bench/vault: a busy machine changes the clock and not this.
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}
const median = (all: number[]) =>
  Number(all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!.toFixed(1))
const memory = () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

try {
  const made = openKeystore({ directory, mirror, rootKey, mayCreate: true })
  const makeMs = timed(() => {
    for (let segment = 1; segment < SEGMENTS; segment++) made.ensureSlot(segment * SEGMENT_SLOTS)
  })
  const before = memory()
  let keystore = made
  const openMs = median(
    Array.from({ length: ROUNDS }, () =>
      timed(() => {
        keystore = openKeystore({ directory, mirror, rootKey, mayCreate: false })
      }),
    ),
  )
  const keyOf = keystore.batchKeys()
  const firstLookMs = timed(() => {
    for (let segment = 0; segment < SEGMENTS; segment++) keyOf(segment * SEGMENT_SLOTS + 64)
  })
  const whole = memory() - before
  const lookMs = timed(() => {
    for (let i = 0; i < LOOKS; i++) keyOf(64 + ((i * 7919) % (SEGMENTS * SEGMENT_SLOTS - 64)))
  })
  const eraseMs = median(
    Array.from({ length: ROUNDS }, (_, i) => timed(() => keystore.eraseSlots([1000 + i]))),
  )
  const segmentMs = median(
    Array.from({ length: ROUNDS }, (_, i) => timed(() => keystore.rotate.segment(i + 1))),
  )
  const organisationMs = median(
    Array.from({ length: ROUNDS }, () => timed(() => keystore.rotate.organisationKey())),
  )
  const repairMs = timed(() => {
    repairKeystore({ directory, mirror, rootKey, isDryRun: true, isGivingUp: false })
  })
  const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size)
  console.log(
    JSON.stringify({
      slots: SEGMENTS * SEGMENT_SLOTS,
      segments: SEGMENTS,
      diskMegabytes: megabytes(sizes.reduce((sum, size) => sum + size, 0)),
      headKilobytes: Math.round(statSync(join(directory, 'head.json')).size / 1024),
      makeSegmentMs: Number((makeMs / (SEGMENTS - 1)).toFixed(1)),
      openMs,
      memoryOfAllSegmentsMegabytes: megabytes(whole),
      firstLookAtASegmentMs: Number((firstLookMs / SEGMENTS).toFixed(2)),
      lookUs: Number(((lookMs / LOOKS) * 1000).toFixed(1)),
      eraseMs,
      segmentMs,
      organisationMs,
      repairLookMs: Math.round(repairMs),
    }),
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}
