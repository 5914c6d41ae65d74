/**
 * The customer file: its modules, put together of a vault, an index and the fields there are. The web process has one,
 * whose vault and index are the keeper's; the keeper has one too, for what the operator of the host asks.
 */
import { activityRoutes } from '#crm/activity/routes.ts'
import { affiliationRoutes } from '#crm/affiliations/routes.ts'
import { canaryRoutes } from '#crm/canaries/routes.ts'
import { describeCompany } from '#crm/companies/company-fields.ts'
import type { CompanyContact } from '#crm/companies/contract.ts'
import { companiesPersonalData } from '#crm/companies/personal-data.ts'
import { companyRoutes } from '#crm/companies/routes.ts'
import { dossierRoutes } from '#crm/dossier/routes.ts'
import type { ExchangeParts } from '#crm/exchange/exchange.ts'
import { LiveExports } from '#crm/exchange/export/live-exports.ts'
import { LiveRuns } from '#crm/exchange/live-runs.ts'
import { exchangeRoutes } from '#crm/exchange/routes.ts'
import { favouriteRoutes } from '#crm/favourites/routes.ts'
import { FieldCatalogue } from '#crm/field-catalogue.ts'
import type { FieldDefinition } from '#crm/fields/contract.ts'
import type { SpreadOf } from '#crm/fields/fields.ts'
import { fieldRoutes } from '#crm/fields/routes.ts'
import { fileRoutes } from '#crm/files/routes.ts'
import { handOverRoutes } from '#crm/hand-over/routes.ts'
import type { Describe } from '#crm/index-loader.ts'
import { jointDossierRoutes } from '#crm/joint-dossiers/routes.ts'
import { noteRoutes } from '#crm/notes/routes.ts'
import { notificationRoutes } from '#crm/notifications/routes.ts'
import { tellAssigned } from '#crm/notifications/store.ts'
import { outlineRoutes } from '#crm/outlines/routes.ts'
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
import { shareRoutes } from '#crm/shares/routes.ts'
import { listMergedInto } from '#crm/store.ts'
import { taskRoutes } from '#crm/tasks/routes.ts'
import { viewRoutes } from '#crm/views/routes.ts'
import { type CountFilter, segmentFilter } from '#crm/views/views.ts'
import { Places } from '#platform/places.ts'
import type { Route } from '#security/access/route.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { Changed, RecordFinder } from '#security/search/record-index.ts'
import { openFiles } from '#security/vault/file-vault.ts'
import type { Vault } from '#security/vault/vault.ts'

type CustomerFileParts = {
  vault: Vault
  index: RecordFinder
  changed: Changed
  /** The organisation's own fields, opened. */
  readFields: () => Promise<FieldDefinition[]>
  spreadOf: SpreadOf
  /** One of them was changed here. */
  fieldsChanged: () => Promise<void>
  placesDirectory: string | undefined
  isMailSet: () => boolean
  forgetWho: () => void
}

const nameOf = {
  person: (contact: Contact) => displayName(contact),
  company: (contact: CompanyContact) => contact.name,
}

export function openCustomerFile(parts: CustomerFileParts) {
  const { vault, index, changed, forgetWho } = parts
  const fields = new FieldCatalogue(
    { person: peoplePersonalData, company: companiesPersonalData },
    parts.readFields,
  )
  const describe: Describe = {
    person: (row, contact) => describePerson(row, contact, fields.tableOf('person')),
    company: (row, contact) => describeCompany(row, contact, fields.tableOf('company')),
  }
  const filtering = (kind: IndexKind): Filtering => ({
    fieldsOf: (caller) => fields.listFieldsOf(kind, caller),
    counted: (tx, question) => vault.countQuestion(tx, question),
    byPrefix: (tx, of, words) => vault.nameTokens(tx, of, words),
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
  const places = new Places(parts.placesDirectory)
  const files = openFiles(vault)
  const exchange: ExchangeParts = {
    vault,
    files,
    fields,
    live: new LiveRuns(),
    places,
    exports: new LiveExports(),
    changed,
  }
  const people = { vault, index, changed, fields, filtering: filtering('person') }
  const routes: Route[] = [
    ...peopleRoutes(people),
    ...companyRoutes({ vault, index, changed, fields, filtering: filtering('company') }),
    ...fieldRoutes({ vault, fields, spreadOf: parts.spreadOf, changed: parts.fieldsChanged }),
    ...affiliationRoutes({ vault, nameOf }),
    ...relationRoutes({ vault }),
    ...jointDossierRoutes({ vault }),
    ...noteRoutes({ vault }),
    ...taskRoutes({ vault, tellAssigned }),
    ...favouriteRoutes({ vault }),
    ...activityRoutes({ vault }),
    ...viewRoutes({ vault, count: countFilter }),
    ...dossierRoutes({ vault }),
    ...notificationRoutes({
      vault,
      isMailSet: parts.isMailSet,
      liveImports: () => [...exchange.live.snapshot().keys()],
    }),
    ...canaryRoutes({
      vault,
      places,
      makePerson: (asking, id, given) =>
        createPerson(people, asking, NewPerson.parse(given), asking.writeAtOnce, id),
    }),
    ...handOverRoutes({ vault }),
    ...shareRoutes({ vault, forgetWho }),
    ...outlineRoutes(),
    ...placeRoutes(places),
    ...fileRoutes({ vault, files }),
    ...exchangeRoutes(exchange),
  ]
  return { fields, describe, exchange, routes }
}
