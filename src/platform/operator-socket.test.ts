import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  askOperator,
  claimOperatorSocket,
  type OperatorSocket,
  operatorSocketPath,
} from './operator-socket.ts'

let directory: string
let path: string
const held: OperatorSocket[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kluis-test-'))
  path = operatorSocketPath(directory)
})
afterEach(async () => {
  for (const socket of held.splice(0)) await socket.close()
  rmSync(directory, { recursive: true, force: true })
})

async function claim(doing = 'starting'): Promise<OperatorSocket> {
  const socket = await claimOperatorSocket(path, doing)
  if (socket === 'taken') throw new Error('taken')
  held.push(socket)
  return socket
}

test('a second process does not get the data while the first has them, and does afterwards', async () => {
  const first = await claim()
  expect(await claimOperatorSocket(path, 'starting')).toBe('taken')
  await first.close()
  held.splice(0)
  await claim()
})

test('of ten that claim at once exactly one gets the data', async () => {
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => claimOperatorSocket(path, 'starting')),
  )
  const winners = claims.filter((claimed) => claimed !== 'taken')
  held.push(...winners)
  expect(winners).toHaveLength(1)
})

test('of ten that find what a killed process left at once, exactly one gets the data', async () => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  other.kill('SIGKILL')
  await once(other, 'exit')
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => claimOperatorSocket(path, 'starting')),
  )
  const winners = claims.filter((claimed) => claimed !== 'taken')
  held.push(...winners)
  expect(winners).toHaveLength(1)
})

test('what a killed process left is no obstacle', async () => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  expect(await claimOperatorSocket(path, 'starting')).toBe('taken')
  other.kill('SIGKILL')
  await once(other, 'exit')
  expect(existsSync(path)).toBe(true)
  await claim()
})

test('only the owner may open it', async () => {
  await claim()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('nobody there is told apart from somebody who is busy', async () => {
  expect(await askOperator(path, 'check', {})).toEqual({ kind: 'nobody' })
  await claim('importing customers')
  expect(await askOperator(path, 'check', {})).toEqual({
    kind: 'busy',
    processId: process.pid,
    doing: 'importing customers',
  })
})

test('arguments arrive whole, progress before the answer', async () => {
  const seen: unknown[] = []
  const text = `één regel\nen een tweede ${'é'.repeat(3_000_000)}`
  ;(await claim()).serve({
    count: async (args, onProgress) => {
      onProgress({ done: 1, total: 2 })
      return { exitCode: 1, result: { same: args.text === text }, lines: ['counted'] }
    },
  })
  const asked = await askOperator(path, 'count', { text }, (progress) => seen.push(progress))
  expect(asked).toEqual({
    kind: 'answer',
    answer: { exitCode: 1, result: { same: true }, lines: ['counted'] },
  })
  expect(seen).toEqual([{ done: 1, total: 2 }])
})

test('two verbs asked at once are done one after the other', async () => {
  let atOnce = 0
  let most = 0
  ;(await claim()).serve({
    slow: async () => {
      most = Math.max(most, ++atOnce)
      await sleep(30)
      atOnce--
      return { exitCode: 0, result: {} }
    },
  })
  await Promise.all([1, 2, 3].map(() => askOperator(path, 'slow', {})))
  expect(most).toBe(1)
})

test('a verb that runs beside the others is waited for by none, waits for none, and is ended before the data are let go', async () => {
  const [longIsOver, heldIsOver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holder = await claim()
  const after = (over: Promise<void>) => async () => {
    await over
    return { exitCode: 0, result: {} }
  }
  holder.serve(
    {
      long: after(longIsOver.promise),
      held: after(heldIsOver.promise),
      look: after(Promise.resolve()),
    },
    new Set(['long', 'look']),
  )
  const long = askOperator(path, 'long', {})
  const queued = askOperator(path, 'held', {})
  expect(await askOperator(path, 'look', {})).toMatchObject({ kind: 'answer' })
  held.splice(0)
  const closed = holder.close()
  heldIsOver.resolve()
  expect(await queued).toMatchObject({ kind: 'answer' })
  longIsOver.resolve()
  expect(await long).toMatchObject({ kind: 'answer' })
  await closed
})

test('a verb that fails says why and the next one works', async () => {
  ;(await claim()).serve({
    fail: async () => {
      throw new Error('the file names nobody')
    },
    work: async () => ({ exitCode: 0, result: { worked: true } }),
  })
  await expect(askOperator(path, 'fail', {})).rejects.toThrow('the file names nobody')
  await expect(askOperator(path, 'constructor', {})).rejects.toThrow('does not know')
  expect(await askOperator(path, 'work', {})).toMatchObject({ kind: 'answer' })
})

test('whoever asks nonsense, or leaves, does not stop the others', async () => {
  ;(await claim()).serve({ work: async () => ({ exitCode: 0, result: {} }) })
  const nonsense = connect(path)
  nonsense.write('not json\n')
  const [said] = await once(nonsense, 'data')
  expect(String(said)).toContain('not JSON')
  const leaving = connect(path)
  leaving.write('{"verb":"work","args":{}}\n', () => leaving.destroy())
  expect(await askOperator(path, 'work', {})).toMatchObject({ kind: 'answer' })
})
