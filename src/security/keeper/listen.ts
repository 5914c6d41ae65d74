/** The keeper's Unix socket. */
import { chmodSync, chownSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { serialize } from 'node:v8'
import { FrameReader, frameOf } from '#platform/frames.ts'
import { ASK_BYTES_MAX, type KeeperState, type Said } from './protocol.ts'

export type Peer = {
  answer(body: Buffer): Promise<Buffer | undefined>
  state(): KeeperState
  onPush(heard: (push: 'forget-who' | 'fields') => void): void
}
export type Listening = { close(): Promise<void> }

const LOOK_MS = 250
// Many answers of the largest kind at once, and less than would hurt.
const UNREAD_BYTES_MAX = 256 * 1024 * 1024

/** `group`: the web process' own, where it is another user; then it may come in, and nobody else. */
export async function listenKeeper(path: string, peer: Peer, group?: number): Promise<Listening> {
  const open = new Set<Socket>()
  const tell = (said: Said, to: Iterable<Socket> = open) => {
    const frame = frameOf(serialize(said))
    for (const socket of to) socket.write(frame)
  }
  const server = createServer((socket) => {
    open.add(socket)
    tell({ push: 'state', state: peer.state() }, [socket])
    const reader = new FrameReader(ASK_BYTES_MAX, (body) => {
      peer
        .answer(body)
        .then((reply) => {
          // Whoever asks and does not read fills this process' memory.
          if (!reply || socket.writableLength > UNREAD_BYTES_MAX) socket.destroy()
          else if (socket.writable) {
            if (socket.writableCorked === 0) {
              socket.cork()
              process.nextTick(() => socket.uncork())
            }
            socket.write(frameOf(reply))
          }
        })
        .catch(() => socket.destroy())
    })
    socket.on('data', (piece) => {
      try {
        reader.push(piece)
      } catch {
        // Nothing after it can be read; the others are not concerned.
        socket.destroy()
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
  })
  // Whoever holds the operator's socket is alone here: what lies there was left by a keeper that was killed.
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  if (group !== undefined) chownSync(path, process.getuid!(), group)
  chmodSync(path, group === undefined ? 0o600 : 0o660)

  peer.onPush((push) => tell({ push }))
  let told = peer.state()
  const timer = setInterval(() => {
    const state = peer.state()
    if (isDeepStrictEqual(state, told)) return
    told = state
    tell({ push: 'state', state })
  }, LOOK_MS).unref()
  return {
    close() {
      clearInterval(timer)
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
