import { affiliationsPersonalData } from '#crm/affiliations/personal-data.ts'
import { companiesPersonalData } from '#crm/companies/personal-data.ts'
import { mergesPersonalData } from '#crm/duplicates/personal-data.ts'
import { exchangePersonalData } from '#crm/exchange/personal-data.ts'
import { fieldsPersonalData } from '#crm/fields/personal-data.ts'
import { filesPersonalData } from '#crm/files/personal-data.ts'
import { jointDossiersPersonalData } from '#crm/joint-dossiers/personal-data.ts'
import { notesPersonalData } from '#crm/notes/personal-data.ts'
import { peoplePersonalData, revealsPersonalData } from '#crm/people/personal-data.ts'
import { relationsPersonalData } from '#crm/relations/personal-data.ts'
import { tasksPersonalData } from '#crm/tasks/personal-data.ts'
import { viewsPersonalData } from '#crm/views/personal-data.ts'
import { budgetsPersonalData } from '#security/budgets/personal-data.ts'
import { federationPersonalData } from '#security/federation/personal-data.ts'
import type { AskedTable } from '#security/keeper/answers.ts'
import { signInPersonalData } from '#security/sign-in/personal-data.ts'
import type { SealedTable, SealedTableName } from '#security/vault/catalogue.ts'
import { erasurePersonalData } from '#security/vault/erasing/personal-data.ts'
import { holdsCustomers } from '#security/vault/store.ts'
import { guardedPersonalData } from './guarded.ts'

/** What the customer file is about: whoever answers requests asks the vault for these alone. */
const customerTables: SealedTable[] = [
  peoplePersonalData,
  revealsPersonalData,
  affiliationsPersonalData,
  relationsPersonalData,
  companiesPersonalData,
  ...notesPersonalData,
  tasksPersonalData,
  mergesPersonalData,
  ...filesPersonalData,
  ...exchangePersonalData,
  viewsPersonalData,
  ...fieldsPersonalData,
  // A rotation that an upgrade cut off goes on by its place in this list: what is new stands at the end.
  ...jointDossiersPersonalData,
]

/** Every table with sealed rows. What is in none of these opens for nobody. */
export const sealedTables: SealedTable[] = [
  ...signInPersonalData,
  ...federationPersonalData,
  ...customerTables,
  ...guardedPersonalData,
  ...budgetsPersonalData,
  erasurePersonalData,
]

export const askedTables: ReadonlyMap<SealedTableName, AskedTable> = new Map([
  ...customerTables.map((table): [SealedTableName, AskedTable] => [
    table.table,
    { isOfOrganisation: table.subject === 'organisation', isOfCustomer: holdsCustomers(table) },
  ]),
  // Whoever takes everything out takes the names of colleagues too.
  ['user_account', { isOfOrganisation: true, isOfCustomer: false, isOnlyRead: true }],
])
