import { type Route, read } from '../access/route.ts'
import type { SealedTable } from '../vault/catalogue.ts'
import { Leakage } from './contract.ts'
import { showLeakage } from './leakage.ts'

export function leakageRoutes(sealed: readonly SealedTable[]): Route[] {
  return [
    read('GET /api/leakage', { needs: 'signed-in', reply: Leakage }, ({ tx }) =>
      showLeakage(tx, sealed),
    ),
  ]
}
