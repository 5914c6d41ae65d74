/**
 * What the keeper adds to a question: the same vault on the same rows, asked in this process and through the socket of a
 * running Kluis, in turns. One question after the other, as one request waits for it: the round that was least disturbed, the
 * middle one, and the processor's time of both processes, which other work on the machine changes least; and eight at
 * once, for each of them, in the middle round.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { openKeeperLink } from '#security/keeper/link.ts'
import { remoteVault } from '#security/keeper/remote-vault.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import { openVault, type Vault } from '#security/vault/vault.ts'
import { sealedTables } from '../src/sealed-tables.ts'
import { run, signIn, stop } from './load/secured.ts'

const PEOPLE = 300
const ROUNDS = 15
const TIMES = 200
// As many requests as an office asks at once.
const TOGETHER = 8

const root = mkdtempSync(join(tmpdir(), 'kluis-bench-'))
chmodSync(root, 0o711)
const data = join(root, 'data')
const { process: program, port } = await run('demo', data, ['--people', `${PEOPLE}`])
try {
  const users = JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8'))
  const manager = users.find(({ role }: { role: string }) => role === 'administrator')
  const token = new Hidden(/kluis=([^;]+)/.exec(await signIn(port, manager))![1]!)
  const host = runDirectoryOf(data)
  const connection = { host, port: 5432, database: 'kluis' }
  const db = openDatabase({ connection, role: 'kluis_app', maxConnections: 2 })
  // Only read: its one writer is the keeper.
  const keystore = openKeystore({
    directory: join(data, 'keystore'),
    rootKey: readFileSync(join(data, 'root.key')),
    mayCreate: false,
  })
  const link = await openKeeperLink(join(host, 'keeper.sock'), 10_000)
  const vaults: Record<string, Vault> = {
    here: openVault({ keystore, tables: sealedTables }),
    keeper: remoteVault(link, sealedTables),
  }
  const tx = db.reader(token, 'bench')
  const rows = await tx.selectFrom('person').select(['id', 'key_slot']).limit(50).execute()
  const ids = rows.map(({ id }) => id)
  const ask = { table: 'person', sealedClass: 'contact', purpose: 'list', record: 'list' } as const
  const target = {
    table: 'person',
    sealedClass: 'contact',
    rowId: rows[0]!.id,
    subjectId: rows[0]!.id,
    keySlot: rows[0]!.key_slot,
    sealCounter: 1,
  } as const
  const opened = await vaults.here!.open(tx, { ...ask, ids })
  const value = (opened.get(ids[0]!) as { value: unknown }).value
  const questions: Record<string, (vault: Vault) => Promise<unknown>> = {
    'open one': (vault) => vault.open(tx, { ...ask, ids: ids.slice(0, 1) }),
    'open 50': (vault) => vault.open(tx, { ...ask, ids }),
    'seal one': (vault) => vault.seal([{ target, value }]),
    'blind token': (vault) =>
      vault.blindTokens([{ column: 'email', value: 'an@voorbeeld.example' }]),
  }
  const keeperId = childOf(program.pid!, 'keeper-process.ts')
  type Taken = { wall: number[]; together: number[]; cpu: number }
  const taken = new Map<string, Taken>()
  for (let round = -2; round < ROUNDS; round++)
    for (const [question, once] of Object.entries(questions))
      for (const [where, vault] of Object.entries(vaults)) {
        const [own, theirs, began] = [process.cpuUsage(), cpuMicros(keeperId), performance.now()]
        for (let i = 0; i < TIMES; i++) await once(vault)
        const wall = ((performance.now() - began) * 1000) / TIMES
        const { user, system } = process.cpuUsage(own)
        const elsewhere = where === 'keeper' ? cpuMicros(keeperId) - theirs : 0
        const beganTogether = performance.now()
        for (let i = 0; i < TIMES; i += TOGETHER)
          await Promise.all(Array.from({ length: TOGETHER }, () => once(vault)))
        const together = ((performance.now() - beganTogether) * 1000) / TIMES
        // The first rounds warm up.
        if (round < 0) continue
        const name = `${question} ${where}`
        const so = taken.get(name) ?? { wall: [], together: [], cpu: 0 }
        so.wall.push(wall)
        so.together.push(together)
        so.cpu += (user + system + elsewhere) / TIMES / ROUNDS
        taken.set(name, so)
      }
  const told = (question: string) => {
    const [here, there] = [taken.get(`${question} here`)!, taken.get(`${question} keeper`)!]
    const least = ({ wall }: Taken) => Math.min(...wall)
    const median = (rounds: number[]) => rounds.toSorted((a, b) => a - b)[ROUNDS >> 1]!
    return {
      addedMicros: Math.round(least(there) - least(here)),
      addedMicrosMedian: Math.round(median(there.wall) - median(here.wall)),
      addedMicrosOfEight: Math.round(median(there.together) - median(here.together)),
      addedCpuMicros: Math.round(there.cpu - here.cpu),
      hereMicros: Math.round(least(here)),
      throughTheKeeperMicros: Math.round(least(there)),
    }
  }
  console.log(
    JSON.stringify(
      Object.fromEntries(Object.keys(questions).map((question) => [question, told(question)])),
      null,
      2,
    ),
  )
  link.close()
  await db.close()
} finally {
  await stop(program)
  rmSync(root, { recursive: true, force: true })
}

function childOf(parent: number, program: string): number {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const isChild = statOf(Number(name))[1] === `${parent}`
      return isChild && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(program)
    } catch {
      return false
    }
  })
  if (!found) throw new Error(`no ${program} runs`)
  return Number(found)
}

/** What the machine says a process used, in hundredths of a second. */
function cpuMicros(pid: number): number {
  const stat = statOf(pid)
  return (Number(stat[11]) + Number(stat[12])) * 10_000
}

function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
}
