import { fork } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { IndexDocument } from './index-types.ts'
import { type OpenSearchIndex, openSearchIndex } from './search-index.ts'

const everyone = { everything: true, userId: 'u', teamIds: [] }
let index: OpenSearchIndex | undefined
afterEach(async () => index?.close())

function person(id: string, given: string, family: string): IndexDocument {
  return {
    kind: 'person',
    id,
    rowVersion: 1,
    names: [given, family],
    sortName: { given, family },
    fragments: [`${given}@example.nl`],
    filters: { stage: 'lead' },
    ownerId: 'u',
    teamId: null,
    isDeleted: false,
    createdAt: 1,
    updatedAt: 1,
  }
}

function isAlive(processId: number): boolean {
  // A zombie still has a directory; only its state says that it ended.
  const stat = `/proc/${processId}/stat`
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'))
}

async function endsWithin(processId: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 50) {
    if (!isAlive(processId)) return true
    await pause(50)
  }
  return false
}

describe('the index process', () => {
  test.runIf(process.platform === 'linux')('holds no file open for writing', async () => {
    index = await openSearchIndex({ order: 'nl', onLost: () => {} })
    await index.load([[person('a', 'Jan', 'Berg')]])
    await index.query({ kind: 'person', text: 'jan', scope: everyone, limit: 5 })
    const folder = `/proc/${index.processId}`
    const written = readdirSync(`${folder}/fd`).filter((fd) => {
      const target = readlinkSync(`${folder}/fd/${fd}`)
      const flags = /flags:\s+(\d+)/.exec(readFileSync(`${folder}/fdinfo/${fd}`, 'utf8'))?.[1]
      const isWritable = (Number.parseInt(flags ?? '2', 8) & 3) !== 0
      return isWritable && target.startsWith('/') && !target.startsWith('/dev/')
    })
    // Node itself refuses every write: the flag is what an auditor sees in the list of processes.
    const started = readFileSync(`${folder}/cmdline`, 'utf8').split('\0')
    expect(started).toContain('--permission')
    expect(started.join(' ')).not.toContain('allow-fs-write')
    expect(written).toEqual([])
  })

  test('ends at close', async () => {
    index = await openSearchIndex({ order: 'nl', onLost: () => {} })
    expect(isAlive(index.processId)).toBe(true)
    await index.close()
    expect(await endsWithin(index.processId, 1000)).toBe(true)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'outlives a %s to the whole group, so that the server may finish',
    async (signal) => {
      let lost = 0
      index = await openSearchIndex({ order: 'nl', onLost: () => lost++ })
      process.kill(index.processId, signal)
      await pause(100)
      expect(await index.state()).toMatchObject({ loaded: 0 })
      expect(lost).toBe(0)
    },
  )

  test('ends when the server is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kluis-index-'))
    const program = join(folder, 'server.ts')
    const source = new URL('./search-index.ts', import.meta.url).href
    writeFileSync(
      program,
      `const { openSearchIndex } = await import('${source}')
       const index = await openSearchIndex({ order: 'nl', onLost() {} })
       process.send(index.processId)
       setInterval(() => {}, 1000)`,
    )
    const server = fork(program, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const processId = await new Promise<number>((resolve) => {
      server.once('message', (id) => resolve(Number(id)))
    })
    expect(isAlive(processId)).toBe(true)
    server.kill('SIGKILL')
    expect(await endsWithin(processId, 5000)).toBe(true)
    rmSync(folder, { recursive: true })
  })

  test('tells when it ends without being asked, and refuses questions afterwards', async () => {
    let lost = 0
    index = await openSearchIndex({ order: 'nl', onLost: () => lost++ })
    process.kill(index.processId, 'SIGKILL')
    await endsWithin(index.processId, 2000)
    await pause(100)
    expect(lost).toBe(1)
    await expect(index.state()).rejects.toMatchObject({ code: 'index-loading' })
  })

  test('a question on its way when the process ends is refused, and ends nothing else', async () => {
    const opened = await openSearchIndex({ order: 'nl', onLost: () => {} })
    index = opened
    process.kill(opened.processId, 'SIGKILL')
    // In the same turn: this side has not heard of the end, and writes to a pipe that nobody reads.
    while (isAlive(opened.processId))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    const asked = Array.from({ length: 20 }, () => opened.state())
    for (const one of await Promise.allSettled(asked))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'index-loading' } })
  })

  test('refuses a cursor of another question', async () => {
    index = await openSearchIndex({ order: 'nl', onLost: () => {} })
    await index.load([[person('a', 'Jan', 'Berg'), person('b', 'Jan', 'Claes')]])
    const first = await index.query({ kind: 'person', text: 'jan', scope: everyone, limit: 1 })
    expect(first.nextCursor).toBeDefined()
    const cursor = first.nextCursor!
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('berg')
    const ask = { kind: 'person' as const, scope: everyone, limit: 1, cursor }
    expect((await index.query({ ...ask, text: 'jan' })).ids).toEqual(['b'])
    await expect(index.query({ ...ask, text: 'janssen' })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  test('does not bring back what was removed while it was loading', async () => {
    index = await openSearchIndex({ order: 'nl', onLost: () => {} })
    const opened = index
    async function* batches() {
      yield [person('a', 'Jan', 'Berg')]
      await opened.remove('person', ['b'])
      yield [person('b', 'Piet', 'Berg')]
    }
    await index.load(batches(), 2)
    const page = await index.query({ kind: 'person', text: 'berg', scope: everyone, limit: 5 })
    expect(page).toEqual({ ids: ['a'], total: 1 })
    expect(await index.state()).toMatchObject({ ready: true, loaded: 1, total: 2 })
  })
})
