/**
 * The web process' side of the door. What is asked in one turn travels together; while the keeper is away a question
 * waits a moment for its return, and is then refused in words that say so.
 *
 * Trusts: the keeper. If lost: it is connected again, and what nothing was used up by is asked again.
 */
import { connect, type Socket } from 'node:net'
import { deserialize } from 'node:v8'
import { FrameReader, frameOf } from '#platform/frames.ts'
import { Problem } from '#platform/problem.ts'
import type { Peer } from './listen.ts'
import {
  ASK_BYTES_MAX,
  type Ask,
  type AskName,
  type KeeperState,
  REPLY_BYTES_MAX,
  type Replies,
  repeatable,
  type Said,
} from './protocol.ts'

export interface KeeperLink {
  ask<Name extends AskName>(name: Name, ask: Ask<Name>): Promise<Replies[Name]>
  /** As it was told last. */
  readonly state: KeeperState
  readonly isConnected: boolean
  /** Rights changed, or the organisation's own fields did. */
  onPush(heard: (push: 'forget-who' | 'fields') => void): void
  close(): void
}

// As long as somebody waits who does not know why: a restart takes about as long.
const WAIT_MS = 5_000
const ANSWER_MS_MAX = 120_000
const CONNECT_AGAIN_MS = 100

type Waiting = {
  name: AskName
  ask: unknown
  until: number
  /** It was asked before, of a keeper that went: asked again once, since it may be what ended it. */
  hasBeenLost?: true
  resolve: (reply: never) => void
  reject: (error: Error) => void
}

/** Resolves once the keeper said who it is; `give up` after `firstMs`. */
export async function openKeeperLink(path: string, firstMs: number): Promise<KeeperLink> {
  const link = new SocketLink(path)
  await link.first(firstMs)
  return link
}

class SocketLink implements KeeperLink {
  readonly #path: string
  #socket: Socket | undefined
  #state: KeeperState | undefined
  #seq = 0
  #isClosed = false
  /** Sent, and not answered yet. */
  readonly #asked = new Map<number, Waiting>()
  /** Not sent: there is nobody to hear it. */
  #queue: Waiting[] = []
  readonly #heard: ((push: 'forget-who' | 'fields') => void)[] = []
  #arrived: (() => void) | undefined
  readonly #timer: NodeJS.Timeout

  constructor(path: string) {
    this.#path = path
    this.#timer = setInterval(() => this.#giveUp(Date.now()), 250).unref()
    this.#connect()
  }

  get state(): KeeperState {
    if (!this.#state) throw new Error('the keeper has said nothing yet')
    return this.#state
  }
  get isConnected(): boolean {
    return this.#socket !== undefined
  }
  onPush(heard: (push: 'forget-who' | 'fields') => void): void {
    this.#heard.push(heard)
  }

  async first(ms: number): Promise<void> {
    if (this.#state) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close()
        reject(new Error(`the keeper does not answer at ${this.#path}`))
      }, ms)
      this.#arrived = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  ask<Name extends AskName>(name: Name, ask: Ask<Name>): Promise<Replies[Name]> {
    return new Promise((resolve, reject) => {
      const waiting = { name, ask, until: Date.now() + WAIT_MS, resolve, reject }
      if (this.#socket) this.#send(waiting)
      else if (this.#isClosed) reject(new Problem('keeper-unavailable'))
      else this.#queue.push(waiting)
    })
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#socket?.destroy()
    this.#lost(undefined)
  }

  #send(waiting: Waiting): void {
    const seq = ++this.#seq
    const socket = this.#socket!
    const body = Buffer.from(JSON.stringify({ seq, name: waiting.name, ask: waiting.ask }))
    // The keeper would end the connection on it, for everybody.
    if (body.length > ASK_BYTES_MAX) {
      waiting.reject(new Problem('too-large'))
      return
    }
    waiting.until = Date.now() + ANSWER_MS_MAX
    this.#asked.set(seq, waiting)
    // What is asked in one turn leaves as one, and arrives as one.
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    socket.write(frameOf(body))
  }

  #connect(): void {
    const socket = connect(this.#path)
    const reader = new FrameReader(REPLY_BYTES_MAX, (body) =>
      this.#hear(socket, deserialize(body) as Said),
    )
    socket.on('data', (piece) => {
      try {
        reader.push(piece)
      } catch (error) {
        socket.destroy(error as Error)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => this.#lost(socket))
  }

  #hear(socket: Socket, said: Said): void {
    if ('push' in said) {
      if (said.push === 'state') this.#know(socket, said.state)
      else for (const heard of this.#heard) heard(said.push)
      return
    }
    const waiting = this.#asked.get(said.seq)
    this.#asked.delete(said.seq)
    if (!waiting) return
    settle(said, waiting)
  }

  /** The first word of every connection: from here on it is asked. */
  #know(socket: Socket, state: KeeperState): void {
    this.#state = state
    if (this.#socket !== socket) {
      this.#socket = socket
      // Another keeper knows nobody yet, and rights may have changed meanwhile.
      for (const heard of this.#heard)
        for (const push of ['forget-who', 'fields'] as const) heard(push)
      for (const waiting of this.#queue.splice(0)) this.#send(waiting)
    }
    this.#arrived?.()
  }

  #lost(socket: Socket | undefined): void {
    if (this.#socket === socket) this.#socket = undefined
    for (const [seq, waiting] of this.#asked) {
      this.#asked.delete(seq)
      if (!this.#isClosed && repeatable.has(waiting.name) && !waiting.hasBeenLost)
        this.#queue.push({ ...waiting, hasBeenLost: true, until: Date.now() + WAIT_MS })
      else waiting.reject(new Problem('keeper-unavailable'))
    }
    if (this.#isClosed) this.#giveUp(Number.POSITIVE_INFINITY)
    else setTimeout(() => this.#isClosed || this.#connect(), CONNECT_AGAIN_MS).unref()
  }

  #giveUp(now: number): void {
    const isLate = ({ until }: Waiting) => now >= until
    for (const waiting of this.#queue.filter(isLate))
      waiting.reject(new Problem('keeper-unavailable'))
    this.#queue = this.#queue.filter((waiting) => !isLate(waiting))
    for (const [seq, waiting] of this.#asked) {
      if (!isLate(waiting)) continue
      this.#asked.delete(seq)
      waiting.reject(new Problem('keeper-unavailable'))
    }
  }
}

function settle(said: Exclude<Said, { push: string }>, { resolve, reject }: Waiting): void {
  if ('reply' in said) resolve(said.reply as never)
  else if ('problem' in said) reject(new Problem(said.problem.code, said.problem.detail))
  else
    reject(
      Object.assign(new Error('the keeper could not do what was asked; its log says why'), {
        ...(said.state && { code: said.state }),
      }),
    )
}

/** Both in one process: what is asked is written and read all the same, so that nothing works here that does not there. */
export function openDirectLink(peer: Peer): KeeperLink {
  return {
    ask: async (name, ask) => {
      const body = await peer.answer(Buffer.from(JSON.stringify({ seq: 1, name, ask })))
      return new Promise((resolve, reject) => {
        const waiting = { name, ask, until: 0, resolve, reject } as Waiting
        settle(deserialize(body!) as Exclude<Said, { push: string }>, waiting)
      })
    },
    get state() {
      return peer.state()
    },
    isConnected: true,
    onPush: (heard) => peer.onPush(heard),
    close: () => {},
  }
}
