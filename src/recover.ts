import { chownSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { askOperator, operatorSocketPath, type VerbAnswer } from '#platform/operator-socket.ts'
import { runDirectoryOf } from '#platform/run-directory.ts'
import type { KeyEvents } from '#security/root-key/events.ts'
import { shareRefusal } from '#security/root-key/refusals.ts'
import { writeDurably } from '#security/vault/durable-file.ts'
import { headOf } from '#security/vault/keystore.ts'
import { restoreRootKey } from '#security/vault/root-key/held-root-key.ts'
import type { AskSecret } from '#security/vault/root-key/provider.ts'
import { readRecoverySheet } from '#security/vault/root-key/recovery-sheet.ts'
import { readRootKeyFile } from '#security/vault/root-key/root-key-file.ts'
import { type ProviderSettings, providerText } from '#security/vault/root-key/settings.ts'
import { plainLetters, readShareText } from '#security/vault/root-key/share-text.ts'
import { combineShares, installationName } from '#security/vault/root-key/shares.ts'
import { type Config, WrongUse } from './config.ts'

const NOTHING = 'state: nothing was changed'
const notePath = ({ dataDirectory }: Config) => join(dataDirectory, 'root-key-recovered.json')

/**
 * Puts a lost root key back from two shares, or from a recovery sheet of before there were shares. Needs the keystore, which
 * says whether the key is right, and nothing else: neither the database nor what kept the key before.
 */
export async function recoverRootKey(
  config: Config,
  settings: ProviderSettings,
  secret: AskSecret,
): Promise<VerbAnswer> {
  const { rootKeyPath: path, keystoreDirectory } = config
  const head = headOf(keystoreDirectory)
  if (!head)
    return failed(
      `the keystore ${keystoreDirectory} is not there, or its head can not be read\n${NOTHING}\ntry: put its newest copy back first, or name it with --keystore; shares give the root key, not the keystore`,
    )
  await requireNotRunning(config)
  const there = existsSync(path) ? readRootKeyFile(path) : undefined
  if (there?.settings.kind === 'file' && head.opensWith(there.wrapped))
    return failed(`the root key ${path} is there and opens the keystore\n${NOTHING}`)
  const { organisationId } = head
  const typed = await readTyped(installationName(organisationId))
  const found = await keyFrom(typed, organisationId)
  if ('why' in found) return failed(`${found.why}\n${NOTHING}`)
  if (!head.opensWith(found.key))
    return failed(
      `what was typed is whole, but gives a root key that does not open this keystore: of before the root key was rotated\n${NOTHING}\ntry: the shares that were made last`,
    )
  const aside = await restoreRootKey(
    { path, key: found.key, organisationId },
    settings,
    secret,
    new Date(),
  )
  found.key.fill(0)
  const keptBy = providerText(settings)
  // The next start writes it in the ledger: now there is no database to write in.
  const note = { on: new Date().toISOString(), to: settings.kind }
  writeDurably(notePath(config), Buffer.from(JSON.stringify(note)))
  for (const file of [path, notePath(config)]) giveToOwner(config, file)
  return {
    exitCode: 0,
    result: { recovered: true, installation: installationName(organisationId), keptBy, aside },
    lines: [
      `The root key is back, kept by ${keptBy}, and opens the keystore.`,
      ...(aside ? [`What stood there before is now ${aside}.`] : []),
      'Start Kluis; the ledger will say that it was recovered.',
      'Whoever saw both shares can open a copy of the keystore: put them back in two safes, or make new ones and rotate the root key.',
    ],
  }
}

const failed = (why: string): VerbAnswer => ({ exitCode: 1, result: { failed: why } })

async function requireNotRunning({ dataDirectory }: Config): Promise<void> {
  const path = operatorSocketPath(runDirectoryOf(dataDirectory))
  const asked = await askOperator(
    path,
    'vault root-key',
    {},
    () => {},
    () => {},
  )
  if (asked.kind === 'answer')
    throw new WrongUse(
      'Kluis runs with these data, so its root key is not lost; nothing was changed',
    )
  if (asked.kind === 'busy' && asked.doing !== 'start')
    throw new WrongUse(
      `another command works with these data ("${asked.doing}", process ${asked.processId}); end it first`,
    )
}

/** As root one writes for the user that Kluis runs as. */
function giveToOwner({ dataDirectory }: Config, path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dataDirectory)
  chownSync(path, uid, gid)
}

async function keyFrom(
  typed: readonly string[],
  organisationId: string,
): Promise<{ key: Buffer } | { why: string }> {
  const [one, two] = typed
  if (two === undefined) {
    const key = readRecoverySheet(one ?? '')
    if (key) return { key }
    return { why: 'two recovery shares are needed, and one was given: one alone opens nothing' }
  }
  const combined = await combineShares([one!, two], organisationId)
  return combined.kind === 'key' ? combined : { why: shareRefusal(combined) }
}

/** Two texts, or one when it is a recovery sheet. */
function readTyped(installation: string): Promise<string[]> {
  return process.stdin.isTTY ? typeShares(installation) : readPiped()
}

async function readPiped(): Promise<string[]> {
  const lines = readFileSync(0, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  if (lines.length <= 2) return lines
  // Copied as printed, in rows.
  const letters = plainLetters(lines.join(''))
  return [letters.slice(0, letters.length / 2), letters.slice(letters.length / 2)]
}

/** One after the other; a mistake is said at once, while the paper lies there. */
async function typeShares(installation: string): Promise<string[]> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answers = lines[Symbol.asyncIterator]()
  const typed: string[] = []
  process.stderr.write(
    `Recovery shares of installation ${installation}. End each with an empty line.\n`,
  )
  while (typed.length < 2) {
    process.stderr.write(`share ${typed.length + 1}: `)
    const text = await untilEmptyLine(answers)
    if (text === '') break
    if (typed.length === 0 && readRecoverySheet(text)) {
      typed.push(text)
      break
    }
    const read = readShareText(text)
    if (read.kind === 'content') typed.push(text)
    else process.stderr.write(`${shareRefusal({ ...read, which: typed.length + 1 })}; again:\n`)
  }
  lines.close()
  return typed
}

async function untilEmptyLine(answers: AsyncIterator<string>): Promise<string> {
  let text = ''
  for (;;) {
    const { value, done } = await answers.next()
    if (done || value.trim() === '') return text
    text += ` ${value}`
  }
}

/** Said once, by the first start after it. */
export async function recordRecovery(config: Config, keyEvent: KeyEvents): Promise<void> {
  const path = notePath(config)
  if (!existsSync(path)) return
  const { on, to } = JSON.parse(readFileSync(path, 'utf8')) as { on: string; to: string }
  await keyEvent('root-key-recovered', { on, to }, null)
  rmSync(path)
}
