/**
 * Everything that has a key: the vault, the index, the ledger, sign-in and what works with plaintext by itself. In the
 * product it is a process of its own, and answers the web process through one socket.
 */
import { partAffiliations, type United, uniteAffiliations } from '#crm/affiliations/uniting.ts'
import { LikelyPairs } from '#crm/duplicates/pass.ts'
import type { DuplicateParts } from '#crm/duplicates/records.ts'
import { clearRemains } from '#crm/duplicates/remains.ts'
import { duplicateRoutes } from '#crm/duplicates/routes.ts'
import { readDefinitions } from '#crm/fields/fields.ts'
import { describeAgain, type IndexLoader, openIndexLoader } from '#crm/index-loader.ts'
import { NotificationMails } from '#crm/notifications/mail.ts'
import { mailRoutes } from '#crm/notifications/routes.ts'
import { scopeOf } from '#crm/record-list.ts'
import { relationsLeft } from '#crm/relations/uniting.ts'
import { searchRoutes } from '#crm/search/routes.ts'
import { openNames } from '#crm/subject-names.ts'
import { type Connection, openDatabase, openRoleDatabase } from '#platform/db.ts'
import { makeHttp } from '#platform/http.ts'
import type { Mail } from '#platform/mail.ts'
import { Problem } from '#platform/problem.ts'
import { describeRoutes } from '#security/access/openapi.ts'
import type { Route } from '#security/access/route.ts'
import { serveRoutes } from '#security/access/serve.ts'
import { WhoCache, whoByKeys } from '#security/access/who.ts'
import { sendAlarmMails } from '#security/budgets/alarm-mail.ts'
import { operatorFreezes } from '#security/budgets/budgets.ts'
import { budgetRoutes } from '#security/budgets/routes.ts'
import { makeFederation } from '#security/federation/federation.ts'
import { federationRoutes, providerCookies } from '#security/federation/routes.ts'
import { sendScimError } from '#security/federation/scim-routes.ts'
import { Keeper } from '#security/keeper/answers.ts'
import type { KeeperState } from '#security/keeper/protocol.ts'
import { answerRelayed, relayedOf } from '#security/keeper/relay.ts'
import { leakageRoutes } from '#security/leakage/routes.ts'
import { openLedger } from '#security/ledger/ledger.ts'
import { RightUse } from '#security/rights/right-use.ts'
import { rightsRoutes } from '#security/rights/routes.ts'
import { keyEvents } from '#security/root-key/events.ts'
import { rootKeyRoutes } from '#security/root-key/routes.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import { RecordIndex } from '#security/search/record-index.ts'
import { profileOf } from '#security/sign-in/accounts.ts'
import { signInCookies } from '#security/sign-in/cookies.ts'
import { signInRoutes } from '#security/sign-in/routes.ts'
import { sessionHooks } from '#security/sign-in/session-hooks.ts'
import { touchSession } from '#security/sign-in/session-store.ts'
import { makeSignIn } from '#security/sign-in/sign-in.ts'
import { findAccount } from '#security/sign-in/store.ts'
import type { Keystore } from '#security/vault/keystore.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import { openVault } from '#security/vault/vault.ts'
import { openCustomerFile } from './customer-file.ts'
import { duplicateLinks, duplicateSides } from './duplicate-sides.ts'
import { followChanges } from './following.ts'
import { openGuarded } from './guarded.ts'
import { type KeyKeepingOptions, openKeyKeeping } from './key-keeping.ts'
import { askedTables, sealedTables } from './sealed-tables.ts'

export type KeeperOptions = {
  connection: Connection
  keystore: Keystore
  origin: URL
  ledgerDirectory: string
  /** The operator's own tables of postcodes. */
  placesDirectory?: string
  recovery: RootKeyRecovery
  mail: Mail | undefined
  /** Names, fields and texts are not held in memory. */
  isIndexOff?: boolean
  /** For a provider of sign-in on this machine, without TLS: while developing, and in tests. */
  mayReachLoopback?: boolean
  log: (event: { level: 'error' | 'warn' | 'info'; what: string }) => void
} & Pick<KeyKeepingOptions, 'rootKey' | 'settleMs'>

const SEQUENCE_MS = 200
const KINDS: IndexKind[] = ['person', 'company']
const REMAINS_MS = 3_600_000
const MAIL_MS = 60_000

export type OpenKeeper = Awaited<ReturnType<typeof openKeeper>>

/** Listens on nothing yet. */
export async function openKeeper(options: KeeperOptions) {
  const { connection, keystore, origin, log } = options
  // In the web process' own role, so that row security decides here what it decides there.
  const db = openDatabase({ connection, role: 'kluis_app', maxConnections: 10 })
  const signInDb = openRoleDatabase({ connection, role: 'kluis_sign_in', maxConnections: 4 })
  const workerDb = openDatabase({ connection, role: 'kluis_worker', maxConnections: 2 })
  const keeperDb = openDatabase({ connection, role: 'kluis_keeper', maxConnections: 2 })
  const ledgerDb = openRoleDatabase({ connection, role: 'kluis_ledger', maxConnections: 2 })

  const vault = openVault({ keystore, tables: sealedTables })
  const onError = (error: Error) => log({ level: 'error', what: error.stack ?? error.message })
  const ledger = openLedger({
    db: ledgerDb,
    keystore,
    directory: options.ledgerDirectory,
    onError,
  })
  const index = new RecordIndex((what) => log({ level: 'warn', what }), {
    isOff: options.isIndexOff ?? false,
  })
  const who = new WhoCache(whoByKeys(db, vault))
  const listeners: ((push: 'forget-who' | 'fields') => void)[] = []
  const push = (what: 'forget-who' | 'fields') => {
    for (const heard of listeners) heard(what)
  }
  const forgetWho = () => {
    who.forgetAll()
    push('forget-who')
  }
  const federation = makeFederation({
    db: signInDb,
    vault,
    origin,
    outgoing: { mayReachLoopback: options.mayReachLoopback ?? false },
    shut: (userId) => {
      signIn.hasLeft(userId)
      forgetWho()
    },
  })
  const { recovery } = options
  const signIn = makeSignIn({
    db: signInDb,
    vault,
    origin,
    recovery,
    gate: federation.gate,
    elsewhere: federation.elsewhere,
    mail: options.mail,
  })
  const warn = (error: Error) => log({ level: 'warn', what: error.message })
  const rightUse = new RightUse(db, warn)
  const isSecure = origin.protocol === 'https:'
  const cookieName = isSecure ? '__Host-kluis' : 'kluis'
  const cookies = signInCookies({ cookieName, isSecure })

  // One for all that works through every record; a second would end the first.
  let indexer: ReturnType<typeof signIn.openIndexerSession> | undefined
  const asIndexer = async () => {
    indexer ??= signIn.openIndexerSession(new Date()).catch((error: unknown) => {
      indexer = undefined
      throw error
    })
    return (await indexer).token
  }
  const fieldsChanged = async () => {
    const isOther = await fields.reload()
    push('fields')
    for (const kind of KINDS)
      if (isOther[kind])
        describeAgain(
          { db: keeperDb, token: await asIndexer(), vault, index, describe },
          kind,
        ).catch(warn)
  }
  const {
    fields,
    describe,
    exchange,
    routes: ofCustomers,
  } = openCustomerFile({
    vault,
    index,
    changed: (kind, ids) => void refresh(kind, ids).catch(warn),
    readFields: async () =>
      readDefinitions(vault, keeperDb.reader(await asIndexer(), 'index'), (id) =>
        log({ level: 'error', what: `the definition of field ${id} does not open` }),
      ),
    spreadOf: (_, kind, field) => index.spread(kind, field),
    fieldsChanged,
    placesDirectory: options.placesDirectory,
    isMailSet: () => mails.isSet,
    forgetWho,
  })
  let loading: Promise<IndexLoader> | undefined
  const loader = () => {
    loading ??= asIndexer()
      .then((token) => openIndexLoader({ db: keeperDb, token, vault, index, describe }))
      .catch((error: unknown) => {
        loading = undefined
        throw error
      })
    return loading
  }
  const refresh = async (kind: IndexKind, ids: string[]) => {
    await (await loader()).refresh(kind, ids)
    await names.follow(kind, ids)
  }

  const sides = duplicateSides({ vault, fields }, describe)
  const duplicates: DuplicateParts = {
    vault,
    fields,
    index,
    worker: workerDb,
    sides,
    ties: {
      unite: async (tx, kind, keptId, otherId) => {
        const { left, united } = await uniteAffiliations(vault, tx, kind, keptId, otherId)
        return {
          left: [...left, ...(await relationsLeft(vault, tx, kind, keptId, otherId))],
          united,
        }
      },
      part: (tx, united) => partAffiliations(vault, tx, united as United[]),
    },
    links: duplicateLinks,
    staying: ['import_change', 'record_share', 'name_prefix'],
    likely: new LikelyPairs(),
  }

  const keys = openKeyKeeping(options, { vault, ledger, index, sides, token: asIndexer, warn })
  const { names } = keys
  const mailing = {
    mail: options.mail,
    db: signInDb,
    origin,
    addressOf: async (userId: string) => {
      const account = await findAccount(signInDb.reader(), userId)
      return account && profileOf(vault, account).email
    },
  }
  const mails = new NotificationMails(mailing)
  const budgets = { vault, forgetWho }
  const entrance = { db: signInDb, cookieName, isSecure, forgetWho }
  const guarded = openGuarded({ db, signInDb, vault, signIn, mails, entrance, warn })
  const own: Route[] = [
    ...signInRoutes({ ...entrance, ...providerCookies(entrance), rules: signIn, vault }),
    ...federationRoutes({ ...entrance, rules: federation, origin }),
    ...guarded.routes,
    ...rootKeyRoutes({ recovery }),
    ...budgetRoutes(budgets),
    ...rightsRoutes({
      signIn,
      forgetWho,
      namesOf: (tx, subjects) => openNames(vault, tx, subjects),
      watched: () => new Set(routes.map(({ needs }) => String(needs))),
    }),
    ...mailRoutes(mails),
    ...searchRoutes({ index, names }),
    // Two records become one in a single transaction, keys and all; and the likely ones are known here alone.
    ...duplicateRoutes(duplicates),
    ...leakageRoutes(sealedTables),
    ...keys.routes,
  ]
  const routes = [...own, ...ofCustomers]
  const http = await makeHttp({
    webRoot: '',
    origin,
    tls: undefined,
    trustProxy: [],
    log,
    refusedOtherwise: [['/api/scim/', sendScimError]],
  })
  http.get('/api/openapi.json', async () => describeRoutes(routes, cookieName))
  const hooks = sessionHooks({ signIn, db: signInDb, who, cookies, warn })
  // Nothing sealed opens without the keystore, so nobody misses their fields; once it is back they are read.
  const fieldsReady = () =>
    fields.ready(fieldsChanged).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'keystore-unavailable') throw error
    })
  serveRoutes(http, own, {
    db,
    who,
    ...guarded.serving,
    cookieName,
    ready: fieldsReady,
    usedRight: (...use) => rightUse.note(...use),
    ...hooks,
  })

  const { passwordOf, ...reached } = connection
  // Looked at several times a second: what does not change is made once.
  const unchanging: Pick<KeeperState, 'routes' | 'database'> = {
    routes: relayedOf(own),
    database: { ...reached, ...(passwordOf && { password: passwordOf('kluis_app') }) },
  }
  const state = (): KeeperState => ({
    ...unchanging,
    organisationId: vault.organisationId,
    vault: vault.state(),
    isIndexReady: index.isReady,
    indexProgress: Math.floor(index.progress * 100) / 100,
    isIndexOff: index.isOff,
    isMailSet: mails.isSet,
  })
  const answers = new Keeper({
    db,
    who,
    vault,
    tables: askedTables,
    index,
    scopeOf,
    changed: refresh,
    guard: guarded.serving.guard,
    approvals: guarded.serving.approvals,
    sessions: {
      touch: ({ sessionId }, now) => {
        signInDb.writeAtOnce((tx) => touchSession(tx, sessionId, now)).catch(warn)
      },
      rotate: async ({ sessionId }, now) => {
        const opened = await signIn.rotateSession(sessionId, now)
        who.forgetAll()
        return opened && { ...opened, token: opened.token.reveal() }
      },
      tellElsewhere: (caller, now) => {
        signIn.tellElsewhere(caller.userId, caller.sessionId, now).catch(warn)
      },
    },
    fields: async (isChanged) => {
      await (isChanged ? fieldsChanged() : fields.ready(fieldsChanged))
      return fields.definitions()
    },
    http: (asked) => answerRelayed(http, asked),
    state,
    failed: onError,
  })

  const lookForDuplicates = async () => {
    await answers.settled()
    return duplicates.likely.look({ db: keeperDb, token: await asIndexer(), vault, index, sides })
  }
  const clearMergeRemains = async () => clearRemains({ db: keeperDb, vault }, await asIndexer())
  let clearing: NodeJS.Timeout | undefined
  let mailTimer: NodeJS.Timeout | undefined
  const sendAlarms = () => sendAlarmMails(mailing)

  return {
    /** What answers the web process. */
    peer: {
      answer: (body: Buffer) => answers.answer(body),
      state,
      onPush: (heard: (push: 'forget-who' | 'fields') => void) => {
        listeners.push(heard)
      },
    },
    routes,
    db,
    vault,
    index,
    ledger,
    signIn,
    federation,
    who,
    ...guarded.serving,
    exchange,
    duplicates,
    fields,
    keys,
    /** One look for duplicates, and one at what is left of old merges; `startWork` does both again and again. */
    lookForDuplicates,
    clearMergeRemains,
    mails,
    tellEnded: guarded.tellEnded,
    sendAlarms,
    freezes: operatorFreezes(budgets, signInDb),
    recovery,
    keyEvent: keyEvents(signInDb),
    /** Fills the index and starts the sequencer; lists work meanwhile. */
    async startWork(): Promise<void> {
      // Before the index is filled: what is over is not to be found any more.
      await clearMergeRemains().catch(warn)
      // What a kill cut off, or a copy that was put back undid.
      await keys.rotations.resume().catch(warn)
      clearing = setInterval(() => clearMergeRemains().catch(warn), REMAINS_MS).unref()
      // A new house has no organisation yet, and so no fields.
      if (await signIn.isSetUp()) await fields.ready().catch(warn)
      await guarded.tellEnded().catch(warn)
      mailTimer = setInterval(() => {
        guarded
          .tellEnded()
          .catch(warn)
          .then(() => {
            if (!mails.isSet) return
            signIn.securityMails.sendDue().catch(warn)
            mails.sendDue().catch(warn)
            sendAlarms().catch(warn)
          })
      }, MAIL_MS).unref()
      const filling = await loader()
      const filled = filling.fill()
      const recordsChanged = () => duplicates.likely.touch()
      const following = { index, filling, names, fieldsChanged, recordsChanged, sendAlarms, warn }
      ledger.start(SEQUENCE_MS, followChanges(following))
      void names.catchUp()
      await filled
      duplicates.likely.start(lookForDuplicates, (what) => warn(new Error(what)))
    },
    async close(): Promise<void> {
      await exchange.live.close()
      await http.close()
      await rightUse.close()
      await keys.close()
      clearInterval(clearing)
      clearInterval(mailTimer)
      await duplicates.likely.close()
      await ledger.stop()
      await index.close()
      await Promise.all([db, signInDb, workerDb, keeperDb, ledgerDb].map((one) => one.close()))
    },
  }
}
