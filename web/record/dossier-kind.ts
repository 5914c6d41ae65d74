import type { DossierKind } from '../api/shapes.ts'

/** What a task says it hangs on, by the address of the dossier. */
export const subjectKinds = {
  people: 'person',
  companies: 'company',
  'joint-dossiers': 'joint_dossier',
} as const satisfies Record<DossierKind, string>
