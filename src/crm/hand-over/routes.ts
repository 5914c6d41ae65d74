import { type Route, write } from '#security/access/route.ts'
import { IdParams } from '../contract.ts'
import { HandedOver, HandOver } from './contract.ts'
import { type HandOverParts, handOver } from './hand-over.ts'
import type { SubjectKind } from './store.ts'

export function handOverRoutes(parts: HandOverParts): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: SubjectKind): Route =>
    write(
      `POST /api/${path}/:id/hand-over`,
      { needs: `${path}:edit`, params: IdParams, body: HandOver, reply: HandedOver },
      ({ tx, params, body, writeAtOnce }) =>
        handOver(parts, tx, { kind, id: params.id }, body, writeAtOnce),
    )
  return [onSubject('people', 'person'), onSubject('companies', 'company')]
}
