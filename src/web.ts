import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { FieldDefinition } from '#crm/fields/contract.ts'
import type { Certificate } from '#platform/certificate.ts'
import { openDatabase, sessionOf } from '#platform/db.ts'
import { makeHttp } from '#platform/http.ts'
import { Problem } from '#platform/problem.ts'
import { open, type Route } from '#security/access/route.ts'
import { serveRoutes } from '#security/access/serve.ts'
import { WhoCache } from '#security/access/who.ts'
import { sendScimError } from '#security/federation/scim-routes.ts'
import type { KeeperLink } from '#security/keeper/link.ts'
import { relayRoutes } from '#security/keeper/relay.ts'
import { guardByKeeper, sessionsByKeeper, whoByKeeper } from '#security/keeper/remote-access.ts'
import { changedByKeeper, remoteIndex } from '#security/keeper/remote-index.ts'
import { remoteVault } from '#security/keeper/remote-vault.ts'
import { RightUse } from '#security/rights/right-use.ts'
import { signInCookies } from '#security/sign-in/cookies.ts'
import { openCustomerFile } from './customer-file.ts'
import { sealedTables } from './sealed-tables.ts'

export type WebOptions = {
  link: KeeperLink
  origin: URL
  webRoot: string
  /** The operator's own tables of postcodes. */
  placesDirectory?: string
  /** TLS of our own; undefined: plain, on loopback. */
  tls?: Certificate | undefined
  trustProxy?: string[]
  log: (event: { level: 'error' | 'warn' | 'info'; what: string }) => void
}

export type Web = Awaited<ReturnType<typeof buildWeb>>

/**
 * What answers browsers: the screens and the customer file. It holds no key, no index and can make no session; for all of
 * that it asks the keeper, in the name of whoever asks it. Listens on nothing yet.
 */
export async function buildWeb(options: WebOptions) {
  const { link, origin, log } = options
  const { password, ...reached } = link.state.database
  const db = openDatabase({
    connection: { ...reached, ...(password === undefined ? {} : { passwordOf: () => password }) },
    role: 'kluis_app',
    maxConnections: 10,
  })
  const warn = (error: Error) => log({ level: 'warn', what: error.message })
  const who = new WhoCache(whoByKeeper(link), () => {
    link.ask('forgetWho', {}).catch(warn)
  })
  const forgetWho = () => who.forgetAll()
  const vault = remoteVault(link, sealedTables)
  const rightUse = new RightUse(db, warn)
  const isSecure = origin.protocol === 'https:'
  const cookieName = isSecure ? '__Host-kluis' : 'kluis'
  const cookies = signInCookies({ cookieName, isSecure })
  const readFields = async (isChanged: boolean) =>
    (await link.ask('fields', { isChanged })) as FieldDefinition[]
  const file = openCustomerFile({
    vault,
    index: remoteIndex(link),
    changed: changedByKeeper(link, warn),
    readFields: () => readFields(false),
    spreadOf: (tx, kind, field) =>
      link.ask('spread', { token: sessionOf(tx)!.token.reveal(), kind, field }),
    fieldsChanged: async () => {
      await readFields(true)
      await file.fields.reload()
    },
    placesDirectory: options.placesDirectory,
    isMailSet: () => link.state.isMailSet,
    forgetWho,
  })
  link.onPush((push) => {
    if (push === 'forget-who') who.forgetOwn()
    else file.fields.reload().catch(warn)
  })

  const Health = z.object({
    status: z.enum(['ready', 'keystore-away', 'keeper-away']),
    // Without a count: how many customers there are is nobody's to know who has not signed in.
    index: z.object({ isReady: z.boolean() }),
  })
  const health = open('GET /api/health', { reply: Health }, async () => {
    if (!link.isConnected) return { status: 'keeper-away' as const, index: { isReady: false } }
    const now = await link.ask('state', {})
    return {
      status: now.vault === 'there' ? ('ready' as const) : ('keystore-away' as const),
      index: { isReady: now.isIndexReady },
    }
  })
  const http: FastifyInstance = await makeHttp({
    webRoot: options.webRoot,
    origin,
    tls: options.tls,
    trustProxy: options.trustProxy ?? [],
    log,
    refusedOtherwise: [['/api/scim/', sendScimError]],
  })
  const routes: Route[] = [health, ...file.routes]
  serveRoutes(http, routes, {
    db,
    who,
    ...guardByKeeper(link),
    cookieName,
    // Nothing sealed opens without the keystore, so nobody misses their fields; once it is back they are read.
    ready: () =>
      file.fields.ready().catch((error: unknown) => {
        if (!(error instanceof Problem) || error.code !== 'keystore-unavailable') throw error
      }),
    usedRight: (...use) => rightUse.note(...use),
    ...sessionsByKeeper(link, { who, cookies, warn }),
  })
  relayRoutes(http, link, () => who.forgetOwn())

  return {
    http,
    who,
    exchange: file.exchange,
    fields: file.fields,
    health,
    async close(): Promise<void> {
      await file.exchange.live.close()
      await http.close()
      await rightUse.close()
      link.close()
      await db.close()
    },
  }
}
