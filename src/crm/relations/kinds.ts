import { companyKinds, personKinds, type RelationContent, type RelationKind } from './contract.ts'

const inverses: Partial<Record<RelationKind, RelationKind>> = {
  parent: 'child',
  child: 'parent',
  adviser: 'client',
  client: 'adviser',
  accountant: 'accounting-client',
  'accounting-client': 'accountant',
  'parent-company': 'subsidiary',
  subsidiary: 'parent-company',
  supplier: 'customer',
  customer: 'supplier',
}

/** The same relation as the other one sees it. A partner is a partner both ways. */
export function inverse(content: RelationContent): RelationContent {
  return {
    ...content,
    kind: inverses[content.kind] ?? content.kind,
    label: content.inverseLabel,
    inverseLabel: content.label,
  }
}

export function isKindOf(side: 'person' | 'company', kind: RelationKind): boolean {
  return ((side === 'person' ? personKinds : companyKinds) as readonly string[]).includes(kind)
}
