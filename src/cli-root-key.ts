import type { Command } from 'commander'
import type { VerbAnswer } from '#platform/operator-socket.ts'
import { type Common, verbOf } from './cli-options.ts'
import { readConfig, readDescriptor, readRootKeyProvider } from './config.ts'

type Tools = {
  runVerb(flags: Common, name: string, args: Record<string, unknown>): Promise<void>
  tell(answer: VerbAnswer, flags: Common): void
}

type NewSecret = { newSecretFd?: string; newSecret?: string }
type ChangeFlags = Common & NewSecret & { to?: string; as?: string }

const AS = ['--as <email>', 'the colleague in whose name this is done'] as const
const FD = [
  '--new-secret-fd <n>',
  'a file descriptor with the new passphrase, PIN or token',
] as const
const FILE = [
  '--new-secret <file>',
  'a file with the same; asked on the terminal otherwise',
] as const

/** What keeps the root key, and how it is put back when it is lost. */
export function addRootKeyCommands(program: Command, { runVerb, tell }: Tools): void {
  const vault =
    program.commands.find((command) => command.name() === 'vault') ??
    program.command('vault').description('the keys of customers').exitOverride()
  verbOf(
    vault,
    'root-key',
    'what keeps the root key, and which recovery shares there are; with --to something else keeps it from now on',
    'vault root-key --to passphrase',
  )
    .option('--to <where>', 'file, passphrase, pkcs11:…, transit:… or aws-kms:…')
    .option(...FD)
    .option(...FILE)
    .option(...AS)
    .action(async ({ to, as, newSecretFd, newSecret, ...flags }: ChangeFlags) => {
      if (to === undefined) return runVerb(flags, 'vault root-key', {})
      const secret = await newSecretOf(to, { ...flags, newSecretFd, newSecret } as NewSecret)
      return runVerb(flags, 'vault root-key', { to, as, secret })
    })
  verbOf(
    vault,
    'shares',
    'make three new recovery shares, of which two put the root key back',
    'vault shares > /dev/usb/lp0',
  )
    .option(...AS)
    .action(({ as, ...flags }: Common & { as?: string }) => runVerb(flags, 'vault shares', { as }))
  verbOf(
    vault,
    'recover',
    'put a lost root key back from two recovery shares, typed or on standard input',
    'vault recover --data /srv/kluis',
  )
    .option('--to <where>', 'what keeps it from now on', 'file')
    .option(...FD)
    .option(...FILE)
    .action(async ({ to, ...flags }: Common & NewSecret & { to: string }) => {
      const config = readConfig(process.env, flags)
      const settings = readRootKeyProvider('--to', to)!
      const { recoverRootKey } = await import('./recover.ts')
      tell(await recoverRootKey(config, settings, await newSecretSource(flags)), flags)
    })
}

async function newSecretSource({ newSecretFd, newSecret }: NewSecret) {
  const { secretFrom } = await import('#security/vault/root-key/secret.ts')
  return secretFrom({
    descriptor: newSecretFd ? readDescriptor('--new-secret-fd', newSecretFd) : undefined,
    file: newSecret,
    credentials: undefined,
  })
}

async function newSecretOf(to: string, flags: NewSecret): Promise<string | undefined> {
  const { secretNeeded } = await import('#security/vault/root-key/providers.ts')
  const needed = secretNeeded(readRootKeyProvider('--to', to)!)
  return needed && (await newSecretSource(flags))(needed.name, needed.isNew)
}
