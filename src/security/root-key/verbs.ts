import type { Verb, VerbAnswer } from '#platform/operator-socket.ts'
import { answering, failed, type InNameOf, wrongUse } from '#security/sign-in/verbs.ts'
import type { HeldRootKey } from '#security/vault/root-key/held-root-key.ts'
import { ProviderAway, ProviderRefused } from '#security/vault/root-key/provider.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import { providerText, readProvider, WrongProvider } from '#security/vault/root-key/settings.ts'
import type { KeyEvents } from './events.ts'
import { sharesPage } from './page.ts'

type Parts = {
  rootKey: HeldRootKey
  recovery: RootKeyRecovery
  keyEvent: KeyEvents
  inNameOf: InNameOf
}
const needs = 'organisation:manage'

/** `kluis vault …`: what keeps the root key, and its recovery shares. */
export function rootKeyVerbs({
  rootKey,
  recovery,
  keyEvent,
  inNameOf,
}: Parts): Record<string, Verb> {
  return {
    'vault shares': (args) =>
      answering(() =>
        inNameOf(
          args,
          { verb: 'vault shares', operation: 'keys' },
          async (actor) => {
            const made = await recovery.makeShares(new Date())
            await keyEvent('recovery-shares-made', { set: made.set }, actor)
            return { exitCode: 0, result: made, lines: sharesPage(made) }
          },
          needs,
        ),
      ),

    'vault root-key': ({ secret, ...args }) =>
      answering(async () => {
        if (args.to === undefined) return stateOf(rootKey, recovery)
        const to = String(args.to)
        const from = rootKey.keptBy
        return inNameOf(
          args,
          { verb: 'vault root-key', operation: 'keys' },
          async (actor): Promise<VerbAnswer> => {
            try {
              const settings = readProvider(to)
              await rootKey.changeProvider(settings, async () => String(secret))
              await keyEvent('root-key-provider-changed', { to: settings.kind }, actor)
              return {
                exitCode: 0,
                result: { from, to: providerText(settings) },
                lines: changedLines(from, rootKey.keptBy),
              }
            } catch (error) {
              if (error instanceof WrongProvider) return wrongUse(`--to ${error.message}`)
              if (error instanceof ProviderAway || error instanceof ProviderRefused)
                return failed(`${error.message}\nstate: the root key is kept by ${from}, as before`)
              throw error
            }
          },
          needs,
        )
      }),
  }
}

function stateOf({ keptBy }: HeldRootKey, recovery: RootKeyRecovery): VerbAnswer {
  const { shares, ...state } = recovery.state()
  return {
    exitCode: 0,
    result: { ...state, keptBy, shares },
    lines: [
      `root key of installation ${state.installation}, kept by ${keptBy}`,
      shares === null
        ? 'no recovery shares were made here: npx kluis vault shares'
        : `recovery shares of ${shares.day}, set ${shares.set}: ${shares.testedOn ? `tested on ${shares.testedOn}` : 'not tested yet'}${shares.isCurrent ? '' : '; they open the root key of before it was changed, make new ones'}`,
    ],
  }
}

function changedLines(from: string, to: string): string[] {
  return [
    `The root key is kept by ${to} from now on; ${from} is let go. It was opened once with what was written.`,
    ...(from === 'file'
      ? [
          'The old file was written over, but a disk may keep old bytes, and so do backups of it: they open the keystore until the root key itself is rotated.',
        ]
      : []),
    'If --root-key or KLUIS_ROOT_KEY is set where Kluis is started, set it to the new one.',
    'The recovery shares are still good: the root key itself is the same.',
  ]
}
