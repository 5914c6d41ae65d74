/** What Kluis is while what keeps the root key does not answer: it says so, tries again by itself, and holds nothing. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Certificate } from '#platform/certificate.ts'
import { connectionLimits } from '#platform/http.ts'
import { type Config, Stopped } from './config.ts'

export type WaitingRoom = {
  /** Says why, and comes back when it is time for another try. Throws Stopped. */
  wait(why: Error): Promise<void>
  /** Lets go of the port, for the real server. */
  close(): Promise<void>
}

const FIRST_MS = 1000
const LONGEST_MS = 30_000

export function openWaitingRoom(
  { port, tls: files }: Config,
  tls: Certificate | undefined,
  say: (line: string) => void,
): WaitingRoom {
  let server: ReturnType<typeof createServer> | undefined
  let tries = 0
  let told = ''
  const stop = new AbortController()
  const abort = () => stop.abort()

  const open = async () => {
    if (server) return
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, abort)
    const opened = tls
      ? createTlsServer({ ...connectionLimits, ...tls }, answer)
      : createServer(connectionLimits, answer)
    server = opened
    await new Promise<void>((resolve) => {
      // A port that can not be had is said when the real server asks for it.
      opened.once('error', () => resolve())
      opened.listen(port, tls ? files?.listen : '127.0.0.1', resolve)
    })
  }

  return {
    async wait(why) {
      await open()
      if (why.message !== told) say(`${why.message}\ntrying again by itself …`)
      told = why.message
      const pause = Math.min(FIRST_MS * 2 ** tries, LONGEST_MS)
      tries++
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, pause)
        const end = () => {
          clearTimeout(timer)
          reject(new Stopped('ended while it waited for the root key'))
        }
        if (stop.signal.aborted) end()
        stop.signal.addEventListener('abort', end, { once: true })
      })
    },
    async close() {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, abort)
      if (!server) return
      server.closeAllConnections()
      await new Promise<void>((resolve) => server!.close(() => resolve()))
      server = undefined
    },
  }
}

const page = `<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10"><title>Kluis</title>
<h1>Kluis is nog gesloten</h1><p>De sleutel van de klantgegevens is nu niet bereikbaar. Er is niets verloren. Kluis probeert het zelf opnieuw; deze pagina ook.</p>
<h1 lang="en">Kluis is still closed</h1><p lang="en">The key of the customer data can not be reached now. Nothing is lost. Kluis tries again by itself, and so does this page.</p></html>
`

function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const isHealth = url === '/api/health'
  const isData = url.startsWith('/api/')
  response.writeHead(isHealth ? 200 : 503, {
    'content-type': isData ? 'application/json' : 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '10',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  })
  if (isHealth) response.end(JSON.stringify({ status: 'keystore-away', index: { isReady: false } }))
  else if (isData) response.end(JSON.stringify({ code: 'keystore-unavailable', detail: {} }))
  else response.end(page)
}
