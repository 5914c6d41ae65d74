import { affiliationsPersonalData } from '#crm/affiliations/personal-data.ts'
import { companiesPersonalData } from '#crm/companies/personal-data.ts'
import { mergesPersonalData } from '#crm/duplicates/personal-data.ts'
import { exchangePersonalData } from '#crm/exchange/personal-data.ts'
import { fieldsPersonalData } from '#crm/fields/personal-data.ts'
import { filesPersonalData } from '#crm/files/personal-data.ts'
import { notesPersonalData } from '#crm/notes/personal-data.ts'
import { peoplePersonalData, revealsPersonalData } from '#crm/people/personal-data.ts'
import { relationsPersonalData } from '#crm/relations/personal-data.ts'
import { tasksPersonalData } from '#crm/tasks/personal-data.ts'
import { viewsPersonalData } from '#crm/views/personal-data.ts'
import { budgetsPersonalData } from '#security/budgets/personal-data.ts'
import { federationPersonalData } from '#security/federation/personal-data.ts'
import { signInPersonalData } from '#security/sign-in/personal-data.ts'
import { erasurePersonalData } from '#security/vault/erasing/personal-data.ts'
import { guardedPersonalData } from './guarded.ts'

/** Every table with sealed rows. What is in none of these opens for nobody. */
export const sealedTables = [
  ...signInPersonalData,
  ...federationPersonalData,
  peoplePersonalData,
  revealsPersonalData,
  affiliationsPersonalData,
  relationsPersonalData,
  companiesPersonalData,
  ...notesPersonalData,
  tasksPersonalData,
  mergesPersonalData,
  filesPersonalData,
  ...exchangePersonalData,
  viewsPersonalData,
  ...fieldsPersonalData,
  ...guardedPersonalData,
  ...budgetsPersonalData,
  erasurePersonalData,
]
