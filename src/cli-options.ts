import type { Command } from 'commander'
import type { Flags } from './config.ts'

export type Common = Flags & { json?: boolean }

export function withCommon(command: Command): Command {
  return command
    .option('--data <dir>', 'where the data live (KLUIS_DATA)')
    .option('--keystore <dir>', 'where the keys live, better on another disk (KLUIS_KEYSTORE)')
    .option('--keystore-mirror <dir>', 'a second copy of every key (KLUIS_KEYSTORE_MIRROR)')
    .option(
      '--root-key <where>',
      'what keeps the root key: file, passphrase, pkcs11:…, transit:… or aws-kms:… (KLUIS_ROOT_KEY)',
    )
    .option(
      '--root-key-fd <n>',
      'a file descriptor with its passphrase, PIN or token (KLUIS_ROOT_KEY_FD)',
    )
    .option('--root-key-secret <file>', 'a file with the same (KLUIS_ROOT_KEY_SECRET_FILE)')
    .option(
      '--database-url <url>',
      'a PostgreSQL 15 to 18 of your own instead of the embedded one (KLUIS_DATABASE_URL)',
    )
    .exitOverride()
}

/** A verb that ends with an answer: told in lines, and with --json as one object on the last line. */
export function verbOf(
  parent: Command,
  name: string,
  description: string,
  example: string,
): Command {
  return withCommon(parent.command(name).description(description))
    .option('--json', 'print one JSON object as the last line')
    .addHelpText('after', `\nExample: npx kluis ${example}\n${EXIT_CODES}`)
}

export const EXIT_CODES =
  'Exit codes: 0 fine · 1 found something or failed · 2 wrong use · 3 incomplete'
