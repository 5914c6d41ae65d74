/**
 * The process that answers browsers. It holds no key, no keystore and no index, can make no session, and reaches
 * PostgreSQL as kluis_app alone.
 */
import { fileURLToPath } from 'node:url'
import { heardCertificate } from '#platform/certificate.ts'
import { openKeeperLink } from '#security/keeper/link.ts'
import { runChild } from './child-process.ts'
import { type Listening, listen } from './listening.ts'
import type { WebOrders } from './supervisor.ts'
import { buildWeb, type Web } from './web.ts'

const KEEPER_MS_MAX = 60_000
const webRoot = fileURLToPath(new URL('../web/dist', import.meta.url))
const say = (line: string) => process.stderr.write(`${line}\n`)

let web: Web | undefined
let listening: Listening | undefined

runChild({
  async begin(orders: WebOrders) {
    const origin = new URL(orders.origin)
    const tls = orders.certificate && heardCertificate(orders.certificate)
    web = await buildWeb({
      link: await openKeeperLink(orders.socket, KEEPER_MS_MAX),
      origin,
      webRoot,
      placesDirectory: orders.placesDirectory,
      tls,
      trustProxy: orders.trustProxy,
      log: ({ level, what }) => say(`${new Date().toISOString()} ${level} ${what}`),
    })
    listening = await listen(web.http, { port: orders.port, origin, tls: orders.tls }, tls, say)
    if (listening.lookAtCertificate) process.on('SIGHUP', listening.lookAtCertificate)
    return {}
  },
  async close() {
    listening?.close()
    await web?.close()
  },
})
