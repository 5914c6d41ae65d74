/** The server's shapes, as types only: none of the checking code reaches the browser. */
import type { z } from 'zod'
import type { CompanyLine } from '../../src/crm/companies/contract.ts'
import type { ClosedWhy as ClosedWhyShape } from '../../src/crm/contract.ts'
import type {
  Openings as OpeningsShape,
  PersonLine,
  Revealed as RevealedShape,
} from '../../src/crm/people/contract.ts'
import type {
  Colleague as ColleagueShape,
  Enrolled as EnrolledShape,
  Enrolment as EnrolmentShape,
  JoinState as JoinStateShape,
  Organisation as OrganisationShape,
  Passkey as PasskeyShape,
  Roles as RolesShape,
  SessionLine as SessionLineShape,
  Team as TeamShape,
} from '../../src/security/sign-in/contract.ts'

export type { Company, CompanyChange } from '../../src/crm/companies/contract.ts'
export type { Sort, Stage } from '../../src/crm/contract.ts'
export type { TimelineEntry } from '../../src/crm/dossier/contract.ts'
export type { Imported } from '../../src/crm/exchange/contract.ts'
export type { Person, PersonChange } from '../../src/crm/people/contract.ts'
export type { Task } from '../../src/crm/tasks/contract.ts'
export type { Session } from '../../src/security/sign-in/contract.ts'

/** A row of a list, of people or of companies. */
export type Row = Omit<PersonLine, 'company'> &
  Partial<Pick<PersonLine, 'company'>> &
  Partial<Pick<CompanyLine, 'enterpriseNumber' | 'closed'>>
export type RecordPage = {
  items: Row[]
  nextCursor: string | null
  total?: number | null
  isIndexReady?: boolean
}
export type Labelled = { value: string; label?: string | undefined }
export type Address = {
  street: string
  postalCode: string
  city: string
  country: string
  label?: string | undefined
}

export type Openings = z.infer<typeof OpeningsShape>
export type Revealed = z.infer<typeof RevealedShape>
export type ClosedWhy = z.infer<typeof ClosedWhyShape>
export type Colleague = z.infer<typeof ColleagueShape>
export type Enrolled = z.infer<typeof EnrolledShape>
export type Enrolment = z.infer<typeof EnrolmentShape>
export type JoinState = z.infer<typeof JoinStateShape>
export type Organisation = z.infer<typeof OrganisationShape>
export type Passkey = z.infer<typeof PasskeyShape>
export type Roles = z.infer<typeof RolesShape>
export type Team = z.infer<typeof TeamShape>
export type SessionLine = z.infer<typeof SessionLineShape>

/** People and companies are shown, listed and changed in the same way. */
export type RecordKind = 'people' | 'companies'
export type Page<T> = { items: T[]; nextCursor: string | null }
export type VisibleTo = 'owner' | 'team' | 'everyone'
export type Language = 'nl' | 'en'
