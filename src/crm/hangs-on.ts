import type { HangsOn } from './contract.ts'

type Hanging = {
  person_id: string | null
  company_id: string | null
  joint_dossier_id?: string | null
}

/** Of its three columns one is not null. */
export function hangsOnOf(row: Hanging): HangsOn {
  if (row.person_id) return { kind: 'person', id: row.person_id }
  if (row.company_id) return { kind: 'company', id: row.company_id }
  return { kind: 'joint_dossier', id: row.joint_dossier_id! }
}
