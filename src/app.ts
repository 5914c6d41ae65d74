import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { activityRoutes } from '#crm/activity/routes.ts'
import { affiliationRoutes } from '#crm/affiliations/routes.ts'
import { partAffiliations, type United, uniteAffiliations } from '#crm/affiliations/uniting.ts'
import { canaryRoutes } from '#crm/canaries/routes.ts'
import { describeCompany } from '#crm/companies/company-fields.ts'
import type { CompanyContact } from '#crm/companies/contract.ts'
import { companiesPersonalData } from '#crm/companies/personal-data.ts'
import { companyRoutes } from '#crm/companies/routes.ts'
import { dossierRoutes } from '#crm/dossier/routes.ts'
import { LikelyPairs } from '#crm/duplicates/pass.ts'
import type { DuplicateParts } from '#crm/duplicates/records.ts'
import { clearRemains } from '#crm/duplicates/remains.ts'
import { duplicateRoutes } from '#crm/duplicates/routes.ts'
import type { ExchangeParts } from '#crm/exchange/exchange.ts'
import { LiveExports } from '#crm/exchange/export/live-exports.ts'
import { LiveRuns } from '#crm/exchange/live-runs.ts'
import { exchangeRoutes } from '#crm/exchange/routes.ts'
import { favouriteRoutes } from '#crm/favourites/routes.ts'
import { FieldCatalogue } from '#crm/field-catalogue.ts'
import { readDefinitions } from '#crm/fields/fields.ts'
import { fieldRoutes } from '#crm/fields/routes.ts'
import { fileRoutes } from '#crm/files/routes.ts'
import { handOverRoutes } from '#crm/hand-over/routes.ts'
import { type Describe, describeAgain, fillIndex, RELATIONS } from '#crm/index-loader.ts'
import { noteRoutes } from '#crm/notes/routes.ts'
import { NotificationMails } from '#crm/notifications/mail.ts'
import { notificationRoutes } from '#crm/notifications/routes.ts'
import { tellAssigned } from '#crm/notifications/store.ts'
import { describePerson, displayName } from '#crm/people/contact.ts'
import type { Contact } from '#crm/people/contract.ts'
import { NewPerson } from '#crm/people/contract.ts'
import { createPerson } from '#crm/people/people.ts'
import { peoplePersonalData } from '#crm/people/personal-data.ts'
import { peopleRoutes } from '#crm/people/routes.ts'
import { placeRoutes } from '#crm/places/routes.ts'
import { type Filtering, findCount } from '#crm/record-list.ts'
import { findBecame, findHolders, namesOfRecords } from '#crm/record-values.ts'
import { relationRoutes } from '#crm/relations/routes.ts'
import { relationsLeft } from '#crm/relations/uniting.ts'
import { searchRoutes } from '#crm/search/routes.ts'
import { listMergedInto, listRows } from '#crm/store.ts'
import { taskRoutes } from '#crm/tasks/routes.ts'
import { viewRoutes } from '#crm/views/routes.ts'
import { type CountFilter, segmentFilter } from '#crm/views/views.ts'
import type { Certificate } from '#platform/certificate.ts'
import { type Connection, openDatabase, openRoleDatabase } from '#platform/db.ts'
import { makeHttp } from '#platform/http.ts'
import type { Mail } from '#platform/mail.ts'
import { Places } from '#platform/places.ts'
import { Problem } from '#platform/problem.ts'
import { describeRoutes } from '#security/access/openapi.ts'
import { open, type Route } from '#security/access/route.ts'
import { serveRoutes } from '#security/access/serve.ts'
import { WhoCache } from '#security/access/who.ts'
import { sendAlarmMails } from '#security/budgets/alarm-mail.ts'
import { operatorFreezes } from '#security/budgets/budgets.ts'
import { budgetRoutes } from '#security/budgets/routes.ts'
import { makeFederation } from '#security/federation/federation.ts'
import { federationRoutes, providerCookies } from '#security/federation/routes.ts'
import { sendScimError } from '#security/federation/scim-routes.ts'
import { leakageRoutes } from '#security/leakage/routes.ts'
import { openLedger } from '#security/ledger/ledger.ts'
import { RightUse } from '#security/rights/right-use.ts'
import { keyEvents } from '#security/root-key/events.ts'
import { rootKeyRoutes } from '#security/root-key/routes.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import { RecordIndex } from '#security/search/record-index.ts'
import { profileOf } from '#security/sign-in/accounts.ts'
import { signInCookies } from '#security/sign-in/cookies.ts'
import { signInRoutes } from '#security/sign-in/routes.ts'
import { sessionHooks } from '#security/sign-in/session-hooks.ts'
import { makeSignIn } from '#security/sign-in/sign-in.ts'
import { findAccount } from '#security/sign-in/store.ts'
import { openFiles } from '#security/vault/file-vault.ts'
import type { Keystore } from '#security/vault/keystore.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import { openVault } from '#security/vault/vault.ts'
import { duplicateLinks, duplicateSides } from './duplicate-sides.ts'
import { openGuarded } from './guarded.ts'
import { type KeyKeepingOptions, openKeyKeeping } from './key-keeping.ts'
import { rightsAndShares } from './rights-and-shares.ts'
import { sealedTables } from './sealed-tables.ts'

export type AppOptions = {
  connection: Connection
  keystore: Keystore
  origin: URL
  webRoot: string
  ledgerDirectory: string
  /** The operator's own tables of postcodes. */
  placesDirectory?: string
  recovery: RootKeyRecovery
  mail: Mail | undefined
  /** TLS of our own; undefined: plain, on loopback. */
  tls?: Certificate | undefined
  trustProxy?: string[]
  /** For a provider of sign-in on this machine, without TLS: while developing, and in tests. */
  mayReachLoopback?: boolean
  log: (event: { level: 'error' | 'warn' | 'info'; what: string }) => void
} & Pick<KeyKeepingOptions, 'rootKey' | 'settleMs'>

export type App = Awaited<ReturnType<typeof buildApp>>

const SEQUENCE_MS = 200
const KINDS: IndexKind[] = ['person', 'company']
const FIELD_TABLES = new Set(['kluis.field_definition', 'kluis.field_role'])
const REMAINS_MS = 3_600_000
const MAIL_MS = 60_000
const nameOf = {
  person: (contact: Contact) => displayName(contact),
  company: (contact: CompanyContact) => contact.name,
}

/** Puts the parts together; the only list of all modules. Listens on nothing yet. */
export async function buildApp(options: AppOptions) {
  const { connection, keystore, origin, log } = options
  const db = openDatabase({ connection, role: 'kluis_app', maxConnections: 10 })
  const signInDb = openRoleDatabase({ connection, role: 'kluis_sign_in', maxConnections: 4 })
  const workerDb = openDatabase({ connection, role: 'kluis_worker', maxConnections: 2 })
  const keeperDb = openDatabase({ connection, role: 'kluis_keeper', maxConnections: 2 })
  const ledgerDb = openRoleDatabase({ connection, role: 'kluis_ledger', maxConnections: 2 })

  const vault = openVault({ keystore, tables: sealedTables })
  const ledger = openLedger({
    db: ledgerDb,
    keystore,
    directory: options.ledgerDirectory,
    onError: (error) => log({ level: 'error', what: error.stack ?? error.message }),
  })
  const index = new RecordIndex((what) => log({ level: 'warn', what }))
  const who = new WhoCache(db, vault)
  const federation = makeFederation({
    db: signInDb,
    vault,
    origin,
    outgoing: { mayReachLoopback: options.mayReachLoopback ?? false },
    shut: (userId) => {
      signIn.hasLeft(userId)
      who.forgetAll()
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
  const fields = new FieldCatalogue(
    { person: peoplePersonalData, company: companiesPersonalData },
    async () =>
      readDefinitions(vault, keeperDb.reader(await asIndexer(), 'index'), (id) =>
        log({ level: 'error', what: `the definition of field ${id} does not open` }),
      ),
  )
  const describe: Describe = {
    person: (row, contact) => describePerson(row, contact, fields.tableOf('person')),
    company: (row, contact) => describeCompany(row, contact, fields.tableOf('company')),
  }
  const fieldsChanged = async () => {
    const isOther = await fields.reload()
    for (const kind of KINDS)
      if (isOther[kind])
        describeAgain(
          { db: keeperDb, token: await asIndexer(), vault, index, describe },
          kind,
        ).catch(warn)
  }
  const filtering = (kind: IndexKind): Filtering => ({
    fieldsOf: (caller) => fields.listFieldsOf(kind, caller),
    counted: (tx, question) => vault.countQuestion(tx, question),
    beside: (tx) => ({
      segmentOf: (id) => segmentFilter(vault, tx, id),
      holdersOf: (field, values) => findHolders(vault, tx, field, values),
      mergedInto: (ids) => listMergedInto(tx, ids),
      becameOf: (of) => findBecame(tx, of),
      namesOf: (of, ids) => namesOfRecords(vault, tx, of, ids),
    }),
  })
  const countFilter: CountFilter = (asking, list, filter) => {
    const kind = list === 'people' ? 'person' : 'company'
    return findCount(index, kind, filtering(kind), asking, filter)
  }

  const places = new Places(options.placesDirectory)
  const files = openFiles(vault)
  const exchange: ExchangeParts = {
    vault,
    files,
    fields,
    live: new LiveRuns(),
    places,
    exports: new LiveExports(),
    // The sequencer tells the index of every change; whoever imports finds their people before that.
    recordsMade: async (tx, kind, made) => {
      const contactOf = new Map(made.map(({ id, contact }) => [id, contact]))
      const rows = await listRows(tx, kind, [...contactOf.keys()])
      index.put(rows.map((row) => describe[kind](row, contactOf.get(row.id) as never)))
    },
    recordsGone: (kind, ids) => index.remove(kind, ids),
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
    staying: ['import_change', 'record_share'],
    likely: new LikelyPairs(),
  }

  const keys = openKeyKeeping(options, { vault, ledger, index, sides, token: asIndexer, warn })
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
  const budgets = { vault, forgetWho: () => who.forgetAll() }

  const forgetWho = () => who.forgetAll()
  const entrance = { db: signInDb, cookieName, isSecure, forgetWho }
  const guarded = openGuarded({ db, signInDb, vault, signIn, mails, entrance, warn })
  const Health = z.object({
    status: z.enum(['ready', 'keystore-away']),
    // Without a count: how many customers there are is nobody's to know who has not signed in.
    index: z.object({ isReady: z.boolean() }),
  })
  const people = { vault, index, fields, filtering: filtering('person') }
  const routes: Route[] = [
    open('GET /api/health', { reply: Health }, async () => ({
      status: vault.state() === 'there' ? ('ready' as const) : ('keystore-away' as const),
      index: { isReady: index.isReady },
    })),
    ...signInRoutes({ ...entrance, ...providerCookies(entrance), rules: signIn, vault }),
    ...federationRoutes({ ...entrance, rules: federation, origin }),
    ...guarded.routes,
    ...rootKeyRoutes({ recovery }),
    ...peopleRoutes(people),
    ...companyRoutes({ vault, index, fields, filtering: filtering('company') }),
    ...fieldRoutes({ vault, fields, index, changed: fieldsChanged }),
    ...affiliationRoutes({ vault, nameOf }),
    ...relationRoutes({ vault }),
    ...noteRoutes({ vault }),
    ...taskRoutes({ vault, tellAssigned }),
    ...favouriteRoutes({ vault }),
    ...activityRoutes({ vault }),
    ...viewRoutes({ vault, count: countFilter }),
    ...dossierRoutes({ vault }),
    ...searchRoutes({ index }),
    ...notificationRoutes({
      vault,
      mails,
      liveImports: () => [...exchange.live.snapshot().keys()],
    }),
    ...budgetRoutes(budgets),
    ...canaryRoutes({
      vault,
      places,
      makePerson: (asking, id, given) =>
        createPerson(people, asking, NewPerson.parse(given), asking.writeAtOnce, id),
    }),
    ...handOverRoutes({ vault }),
    ...rightsAndShares({ vault, signIn, forgetWho, routes: () => routes }),
    ...placeRoutes(places),
    ...leakageRoutes(sealedTables),
    ...fileRoutes({ vault, files }),
    ...exchangeRoutes(exchange),
    ...duplicateRoutes(duplicates),
    ...keys.routes,
  ]
  const http: FastifyInstance = await makeHttp({
    webRoot: options.webRoot,
    origin,
    tls: options.tls,
    trustProxy: options.trustProxy ?? [],
    log,
    refusedOtherwise: [['/api/scim/', sendScimError]],
  })
  http.get('/api/openapi.json', async () => describeRoutes(routes, cookieName))
  serveRoutes(http, routes, {
    db,
    who,
    ...guarded.serving,
    cookieName,
    // Nothing sealed opens without the keystore, so nobody misses their fields; once it is back they are read.
    ready: () =>
      fields.ready(fieldsChanged).catch((error: unknown) => {
        if (!(error instanceof Problem) || error.code !== 'keystore-unavailable') throw error
      }),
    usedRight: (...use) => rightUse.note(...use),
    ...sessionHooks({ signIn, db: signInDb, who, cookies, warn }),
  })

  const lookForDuplicates = async () =>
    duplicates.likely.look({ db: keeperDb, token: await asIndexer(), vault, index, sides })
  const clearMergeRemains = async () => clearRemains({ db: keeperDb, vault }, await asIndexer())
  let clearing: NodeJS.Timeout | undefined
  let mailTimer: NodeJS.Timeout | undefined
  const sendAlarms = () => sendAlarmMails(mailing)

  return {
    http,
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
      const loader = fillIndex({ db: keeperDb, token: await asIndexer(), vault, index, describe })
      ledger.start(SEQUENCE_MS, (changes) => {
        if (changes.some(({ table }) => table === 'kluis.person' || table === 'kluis.company'))
          duplicates.likely.touch()
        // Raised by this process or another: nobody waits a minute for an alarm.
        if (changes.some(({ table }) => table === 'kluis.alarm')) sendAlarms().catch(warn)
        const changed = (table: string) =>
          changes
            .filter((change) => change.table === `kluis.${table}`)
            // What this process wrote is in the index already; others' changes and removals are not.
            .filter(({ rowId, rowVersion }) => !(rowVersion && index.holds(rowId, rowVersion)))
            .map(({ rowId }) => rowId)
        const refresh = async () => {
          // By another process, or past the program.
          if (changes.some(({ table }) => FIELD_TABLES.has(table ?? ''))) await fieldsChanged()
          // It opens everything that was written: what changed meanwhile does not wait for that.
          if (changes.some(({ table }) => table === 'kluis.search_setting'))
            loader.switchContents().catch(warn)
          for (const kind of KINDS) await loader.refresh(kind, changed(kind))
          // What hangs on a record is told after the record itself.
          for (const relation of RELATIONS) await loader.refreshRelated(relation, changed(relation))
          await loader.refreshReturned()
        }
        refresh().catch((error: Error) => log({ level: 'warn', what: error.message }))
      })
      await loader.filled
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
