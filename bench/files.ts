/**
 * Files of 25 MB, several at once and then all of them in one take-out: how long, and how much memory the program takes
 * for it.
 * node bench/files.ts [--at-once N] [--mb N] [--json]
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { memoryOf } from './load/processes.ts'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    'at-once': { type: 'string', default: '10' },
    mb: { type: 'string', default: '25' },
    json: { type: 'boolean', default: false },
  },
})
const atOnce = Number(values['at-once'])
const content = randomBytes(Number(values.mb) * 1024 * 1024)
const SAMPLE_MS = 100
const PAUSE_BYTES = 50 * 1024 * 1024

const secured = await openSecured(100)
const { items } = await secured.side.json<{ items: { id: string }[] }>({
  method: 'GET',
  path: `/api/people?limit=${atOnce}`,
})
const programMb = () =>
  memoryOf(secured.process.pid!).find(({ name }) => /cli\.ts/.test(name))?.privateMb ?? 0

async function send(method: string, path: string, body?: Buffer): Promise<Response> {
  const response = await fetch(`http://localhost:${secured.port}${path}`, {
    method,
    headers: { cookie: secured.cookie, 'content-type': 'application/octet-stream' },
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return response
}

async function upload(personId: string): Promise<string> {
  const { id, pieces, pieceBytes } = await secured.side.json<{
    id: string
    pieces: number
    pieceBytes: number
  }>({
    method: 'POST',
    path: `/api/people/${personId}/files`,
    body: { name: 'groot.bin', size: content.length },
  })
  for (let at = 0; at < pieces; at++)
    await send(
      'PUT',
      `/api/files/${id}/pieces/${at}`,
      content.subarray(at * pieceBytes, (at + 1) * pieceBytes),
    )
  await secured.side.json({ method: 'POST', path: `/api/files/${id}/complete` })
  return id
}

async function download(id: string): Promise<void> {
  const bytes = Buffer.from(await (await send('GET', `/api/files/${id}/content`)).arrayBuffer())
  if (!bytes.equals(content)) throw new Error('a file came back differently')
}

/** How long all of it took, and the most memory the program had meanwhile. */
async function measured<T>(work: () => Promise<T>) {
  let mostMb = 0
  const sample = setInterval(() => {
    mostMb = Math.max(mostMb, programMb())
  }, SAMPLE_MS)
  const began = performance.now()
  const result = await work()
  const seconds = (performance.now() - began) / 1000
  clearInterval(sample)
  return { result, mostMb, seconds: Number(seconds.toFixed(1)) }
}

/** Everything as one zip, read and thrown away; its reader is a second behind every 50 MB. */
async function takeOut(): Promise<number> {
  const { body } = await send('GET', '/api/take-out')
  let bytes = 0
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    const before = Math.floor(bytes / PAUSE_BYTES)
    bytes += piece.length
    if (Math.floor(bytes / PAUSE_BYTES) > before) await wait(1_000)
  }
  return bytes
}

const restMb = programMb()
const up = await measured(() => Promise.all(items.map(({ id }) => upload(id))))
const down = await measured(() => Promise.all(up.result.map(download)))
const all = await measured(takeOut)
const found = {
  files: items.length,
  mbEach: Number(values.mb),
  restMb,
  upload: { seconds: up.seconds, mostMb: up.mostMb },
  download: { seconds: down.seconds, mostMb: down.mostMb },
  takeOut: { seconds: all.seconds, mostMb: all.mostMb, mb: Math.round(all.result / 1024 ** 2) },
}
if (values.json) console.log(JSON.stringify(found))
else
  console.table([
    { way: 'upload', ...found.upload, restMb },
    { way: 'download', ...found.download, restMb },
    { way: 'take-out', ...found.takeOut, restMb },
  ])
await secured.close()
