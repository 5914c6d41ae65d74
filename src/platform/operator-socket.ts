/**
 * One process at a time works with an installation's data; it holds this Unix socket. The operator's other
 * commands find it there and hand it their work instead of opening the data a second time.
 *
 * Trusts: file permissions. The socket is 0600 in a 0700 directory, so only its owner and root reach it.
 */
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

/** A verb that could not do its work says why in `result.failed`, and has no lines. */
export type VerbAnswer = { exitCode: number; result: object; lines?: string[] }
export type Progress = { done: number; total: number; what?: string }
/** Hands a piece of a file to whoever asked; waits while they are behind, and throws when they are gone. */
export type SendPiece = (piece: Buffer) => Promise<void>
export type Verb = (
  args: Record<string, unknown>,
  onProgress: (progress: Progress) => void,
  send: SendPiece,
) => Promise<VerbAnswer>

/** What a holder says back, one JSON object a line. */
type Reply =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'piece'; base64: string }
  | { kind: 'answer'; answer: VerbAnswer }
  | { kind: 'busy'; processId: number; doing: string }
  | { kind: 'failed'; message: string }

export type Asked =
  | { kind: 'answer'; answer: VerbAnswer }
  | { kind: 'busy'; processId: number; doing: string }
  | { kind: 'nobody' }

export type OperatorSocket = {
  /** From now on the verbs of other commands are done here, one after the other; those of `beside` wait for no other. */
  serve(verbs: Record<string, Verb>, beside?: ReadonlySet<string>): void
  close(): Promise<void>
}

type Holder = {
  verbs: Record<string, Verb> | undefined
  beside: ReadonlySet<string>
  doing: string
}

const ASK_BYTES_MAX = 100 * 1024 * 1024

export function operatorSocketPath(runDirectory: string): string {
  return join(runDirectory, 'operator.sock')
}

/** Takes the data for this process; 'taken' when another one has them. */
export async function claimOperatorSocket(
  path: string,
  doing: string,
  owner?: { uid: number; gid: number },
): Promise<OperatorSocket | 'taken'> {
  const holder: Holder = { verbs: undefined, beside: new Set(), doing }
  const open = new Set<Socket>()
  let last: Promise<unknown> = Promise.resolve()
  const besideIt = new Set<Promise<unknown>>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Whoever asked may be gone before the answer is.
    socket.on('error', () => {})
    readAsk(socket, (verb, args) => {
      const answered = () => answerAsk(socket, holder, verb, args).catch(() => {})
      if (!holder.beside.has(verb)) {
        last = last.then(answered)
        return
      }
      const answering = answered().finally(() => besideIt.delete(answering))
      besideIt.add(answering)
    })
  })
  if (!(await listenOn(server, path))) return 'taken'
  chmodSync(path, 0o600)
  if (owner) chownSync(path, owner.uid, owner.gid)
  return {
    serve(verbs, beside = new Set()) {
      holder.verbs = verbs
      holder.beside = beside
    },
    async close() {
      // Node removes the socket file; what is being done is finished first.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([last, ...besideIt])
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/** Listening is the lock: a file without a listener is what a killed process left, and goes. */
async function listenOn(server: Server, path: string): Promise<boolean> {
  // Two starts that find the same left socket at once would each take the other's away: one looks at a time.
  await enterAlone(`${path}.claim`)
  try {
    if (await tryListen(server, path)) return true
    const held = await connectTo(path)
    held?.destroy()
    if (held) return false
    rmSync(path, { force: true })
    return await tryListen(server, path)
  } finally {
    rmdirSync(`${path}.claim`)
  }
}

/** False when there is a socket already. */
async function tryListen(server: Server, path: string): Promise<boolean> {
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(path, () => resolve(undefined))
  })
  server.removeAllListeners('error')
  if (failure && failure.code !== 'EADDRINUSE') throw failure
  return !failure
}

// Looking takes milliseconds; a claim this old is of a process that was killed meanwhile.
const CLAIM_MS_MAX = 5_000
const CLAIM_AGAIN_MS = 20

/** Making a directory succeeds for one process only. */
async function enterAlone(directory: string): Promise<void> {
  for (;;) {
    try {
      mkdirSync(directory, { mode: 0o700 })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const made = statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - made > CLAIM_MS_MAX) rmSync(directory, { recursive: true, force: true })
    else await wait(CLAIM_AGAIN_MS)
  }
}

async function connectTo(path: string): Promise<Socket | undefined> {
  const socket = connect(path)
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
        ? resolve(undefined)
        : reject(
            new Error(
              `${path} can not be opened\nstate: nothing was done\ntry: run this as the user that Kluis runs as`,
              { cause: error },
            ),
          ),
    )
  })
}

function readAsk(
  socket: Socket,
  onAsk: (verb: string, args: Record<string, unknown>) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  socket.on('data', function take(chunk: Buffer) {
    chunks.push(chunk)
    bytes += chunk.length
    const isWhole = chunk.includes(10)
    if (!isWhole && bytes <= ASK_BYTES_MAX) return
    socket.off('data', take)
    if (bytes > ASK_BYTES_MAX) {
      tell(socket, { kind: 'failed', message: 'what was asked is too large' })
      socket.end()
      return
    }
    try {
      const ask = JSON.parse(Buffer.concat(chunks).toString()) as {
        verb: string
        args: Record<string, unknown>
      }
      onAsk(ask.verb, ask.args)
    } catch {
      tell(socket, { kind: 'failed', message: 'what was asked is not JSON' })
      socket.end()
    }
  })
}

async function answerAsk(
  socket: Socket,
  holder: Holder,
  verb: string,
  args: Record<string, unknown>,
): Promise<void> {
  if (socket.destroyed) return
  const reply = await replyTo(
    holder,
    verb,
    args,
    (progress) => tell(socket, { kind: 'progress', progress }),
    (piece) => sendPiece(socket, piece),
  )
  tell(socket, reply)
  socket.end()
}

async function replyTo(
  { verbs, doing }: Holder,
  verb: string,
  args: Record<string, unknown>,
  onProgress: (progress: Progress) => void,
  send: SendPiece,
): Promise<Reply> {
  if (!verbs) return { kind: 'busy', processId: process.pid, doing }
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (!run) return { kind: 'failed', message: `the running Kluis does not know "${verb}"` }
  try {
    return { kind: 'answer', answer: await run(args, onProgress, send) }
  } catch (error) {
    return { kind: 'failed', message: (error as Error).message }
  }
}

async function sendPiece(socket: Socket, piece: Buffer): Promise<void> {
  tell(socket, { kind: 'piece', base64: piece.toString('base64') })
  const behind = new AbortController()
  if (!socket.destroyed && socket.writableNeedDrain)
    await Promise.race([once(socket, 'drain', behind), once(socket, 'close', behind)]).finally(() =>
      behind.abort(),
    )
  if (socket.destroyed) throw new Error('whoever asked is gone')
}

function tell(socket: Socket, reply: Reply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`)
}

/** Nobody knows how far it came: neither done nor failed. */
export class CutOff extends Error {}

/** Hands a verb to the process that has the data, if there is one. Throws what the verb failed with. */
export async function askOperator(
  path: string,
  verb: string,
  args: Record<string, unknown>,
  onProgress: (progress: Progress) => void = () => {},
  onPiece: (piece: Buffer) => void = () => {},
): Promise<Asked> {
  const socket = await connectTo(path)
  if (!socket) return { kind: 'nobody' }
  // A closed connection ends the reading below; that is told there.
  socket.on('error', () => {})
  socket.write(`${JSON.stringify({ verb, args })}\n`)
  try {
    for await (const line of createInterface({ input: socket })) {
      const reply = JSON.parse(line) as Reply
      if (reply.kind === 'progress') onProgress(reply.progress)
      else if (reply.kind === 'piece') onPiece(Buffer.from(reply.base64, 'base64'))
      else if (reply.kind === 'failed') throw new Error(reply.message)
      else return reply
    }
  } finally {
    socket.destroy()
  }
  throw new CutOff(
    'the running Kluis stopped before it answered\nstate: what it had finished is kept\ntry: ask again',
  )
}
