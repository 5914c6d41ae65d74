import type { Verb } from '#platform/operator-socket.ts'
import type { Ledger } from './ledger.ts'

const FINE = 0
const FOUND = 1
const WRONG_USE = 2
const INCOMPLETE = 3
// On a screen more lines help nobody; --json carries them all.
const LINES_SHOWN = 200

export function ledgerVerbs({ ledger }: { ledger: Ledger }): Record<string, Verb> {
  return {
    /** 0 intact, 1 tampered with, 3 not everything could be looked at. */
    'ledger verify': async () => {
      const check = await ledger.verify()
      const { findings, gaps } = check
      const shown = findings.slice(0, LINES_SHOWN)
      return {
        exitCode: findings.length > 0 ? FOUND : gaps.length > 0 ? INCOMPLETE : FINE,
        result: check,
        lines: [
          `${check.leaves} leaves, ${check.checkpoints} checkpoints, ${check.rows} rows compared; ${check.waiting} changes wait for the sequencer`,
          ...shown.map(({ table, row, what }) => `TAMPERED ${table} ${row}: ${what}`),
          ...(findings.length > shown.length
            ? [`… and ${findings.length - shown.length} more; --json lists all`]
            : []),
          ...gaps.map((gap) => `INCOMPLETE ${gap}`),
          verdictOn(findings.length, gaps.length),
        ],
      }
    },

    'ledger export': async ({ directory }) => {
      if (typeof directory !== 'string' || !directory.startsWith('/'))
        return { exitCode: WRONG_USE, result: {}, lines: ['name a folder: ledger export DIR'] }
      const written = await ledger.export(directory)
      return {
        exitCode: FINE,
        result: { directory, ...written },
        lines: [
          `${written.leaves} leaves, ${written.checkpoints} checkpoints and the hashes of ${written.rows} rows are in ${directory}`,
          'check it on any machine: node kluis-verify.ts DIR --policy FILE',
        ],
      }
    },

    /** The public keys, to be kept where whoever owns this machine does not come. */
    'ledger policy': async () => {
      const policy = ledger.policy()
      return { exitCode: FINE, result: { policy }, lines: policy.trimEnd().split('\n') }
    },

    'ledger state': async () => {
      const state = await ledger.state()
      return {
        exitCode: state.refusal ? FOUND : FINE,
        result: state,
        lines: [
          `${state.leaves} leaves; ${state.waiting} changes wait, the oldest for ${state.oldestWaitingSeconds.toFixed(1)} s`,
          ...(state.refusal ? [state.refusal] : []),
        ],
      }
    },
  }
}

function verdictOn(findings: number, gaps: number): string {
  if (findings > 0) return `${findings} findings: the database was tampered with`
  return gaps > 0 ? 'nothing found, but not everything could be looked at' : 'intact'
}
