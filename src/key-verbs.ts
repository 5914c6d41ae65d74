import { z } from 'zod'
import type { Verb } from '#platform/operator-socket.ts'
import * as erasing from '#security/vault/erasing/contract.ts'
import {
  type Keys,
  ROWS_PER_SECOND,
  RowsPerSecond,
  What,
} from '#security/vault/rotation/contract.ts'
import type { Running } from './main.ts'

const FINE = 0
const FAILED = 1
const INCOMPLETE = 3

const RotateArgs = z.object({ what: What, rate: RowsPerSecond.default(ROWS_PER_SECOND) })
const EraseArgs = z.object({
  kind: erasing.Subject.shape.kind,
  id: z.uuid(),
  reason: z.string().trim().min(1).max(erasing.REASON_LENGTH_MAX),
  graceDays: z.number().int().min(0).max(erasing.GRACE_DAYS_MAX).default(erasing.GRACE_DAYS),
  isConfirmed: z.boolean(),
  as: z.string().optional(),
})

/**
 * These wait for no other verb, nor another for them: a rotation goes on by itself for hours, and whoever asked for it only
 * looks on. What it may not mix with, such as an erasure, waits for its step.
 */
export const besideVerbs: ReadonlySet<string> = new Set(['vault status', 'vault rotate'])

/** `kluis vault …`: keys, by whoever runs the machine; an erasure may be done in a colleague's name. */
export function keyVerbs(running: Running): Record<string, Verb> {
  const { rotations, erasing: eraser } = running.keys
  return {
    'vault status': async () => {
      const keys = await rotations.showAll()
      return { exitCode: FINE, result: keys, lines: statusLines(keys) }
    },

    'vault rotate': async (args, onProgress) => {
      const { what, rate } = RotateArgs.parse(args)
      const started = await rotations.start({ what, rowsPerSecond: rate, by: null })
      let isOver = false
      const ended = rotations.ended().then(() => {
        isOver = true
      })
      while (!isOver) {
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))])
        const { running: now } = await rotations.showAll()
        if (now) onProgress({ done: now.done, total: Math.max(now.total, now.done) })
      }
      const keys = await rotations.showAll()
      const done = keys.last.find(({ id }) => id === started.id)
      return {
        exitCode: done ? (done.unopened > 0 ? FAILED : FINE) : INCOMPLETE,
        result: keys,
        lines: [
          ...statusLines(keys),
          ...(what === 'root' && done
            ? [
                'recovery shares of before open only backups of before; make new ones now: npx kluis vault shares',
              ]
            : []),
          ...(what === 'records' && done
            ? [
                'copies of the database from before this open with a copy of the keystore of their day alone; make new copies of both now',
              ]
            : []),
        ],
      }
    },

    'vault erase': async (args) => {
      const { kind, id, reason, graceDays, isConfirmed, as } = EraseArgs.parse(args)
      const subject = { kind, id }
      const plan = await eraser.plan(subject)
      if (!isConfirmed)
        return {
          exitCode: FINE,
          result: plan,
          lines: [...planLines(plan), 'nothing was erased yet; do it with --yes'],
        }
      const erase = (by: string | null) => eraser.erase({ subject, reason, graceDays }, by)
      const done =
        as === undefined
          ? await erase(null)
          : await running.inNameOf(
              args,
              { verb: 'vault erase', operation: 'erase' },
              (actor) => erase(actor?.userId ?? null),
              'erasures:run',
            )
      const left = plan.left.map(
        (one) => `left, since others work there too: company ${one}, to be erased by itself`,
      )
      const lines = [done.text, ...left, ...jointLines(plan.jointDossiers)]
      return { exitCode: FINE, result: done, lines }
    },
  }
}

function planLines(plan: erasing.Plan): string[] {
  const { merged, soleTraderCompanies, left, jointDossiers, keySlots, retained } = plan
  return [
    `${keySlots} keys would be destroyed`,
    ...(merged > 0 ? [`with ${merged} records that were merged into it`] : []),
    ...soleTraderCompanies.map((id) => `with the company of a sole trader ${id}`),
    ...(jointDossiers.erased > 0
      ? [`with ${jointDossiers.erased} joint dossiers of which nobody else is a party`]
      : []),
    ...jointLines(jointDossiers),
    ...left.map((id) => `without company ${id}: others work there too; erase it by itself`),
    ...retained.map(
      ({ rule, count, until }) =>
        `without ${count} files that a law has kept (${rule}), ${until ? `until ${until}` : 'without an end yet'}`,
    ),
  ]
}

function jointLines({ left }: erasing.Plan['jointDossiers']): string[] {
  return left > 0
    ? [
        `${left} joint dossiers stay with their other parties, and are marked to be read by somebody`,
      ]
    : []
}

/** What becomes of rows that did not open. */
function unopenedText(what: Keys['last'][number]['what']): string {
  if (what === 'search')
    return 'are not found by exact values, since the key of before is destroyed: repair them (npx kluis vault repair, or a copy), and do this again'
  if (what === 'algorithm') return 'stay sealed as they were'
  return 'keep their keys, and no key of before was destroyed: repair them (npx kluis vault repair, or --give-up), and do this again'
}

function statusLines({ keystore, running, problem, last }: Keys): string[] {
  const one = ({ what, phase, done, total, unopened }: Keys['last'][number]) =>
    `${what}: ${phase}, ${done} of ${Math.max(total, done)}${unopened > 0 ? `, ${unopened} rows did not open and ${unopenedText(what)}` : ''}`
  return [
    keystore.state === 'there'
      ? `keystore: ${keystore.segments} segments, ${keystore.isMirrored ? 'mirrored' : 'NOT mirrored'}; records are sealed in version ${keystore.sealVersion}`
      : `keystore: away (${keystore.why})`,
    running ? `now ${one(running)}` : 'no keys are being replaced',
    ...(problem ? [`it stands still and is tried again: ${problem}`] : []),
    ...last.map((row) => `${row.endedAt} ${one(row)}`),
  ]
}
