import { type Route, write } from '#security/access/route.ts'
import { JointDossierId, Move, Moved } from './contract.ts'
import { moveHanging, type Rebind } from './moving.ts'
import type { HangingTable } from './store.ts'

/** Where the keys are: what moves is opened under one and sealed under another, in the transaction that writes it. */
export function movingRoutes({ rebind }: { rebind: Rebind }): Route[] {
  const of = (path: 'notes' | 'tasks' | 'files', table: HangingTable): Route =>
    write(
      `POST /api/${path}/:id/move`,
      { needs: `${path}:edit`, params: JointDossierId, body: Move, reply: Moved },
      ({ params, body, write }) => write((tx) => moveHanging(rebind, tx, table, params.id, body)),
    )
  return [of('notes', 'note'), of('tasks', 'task'), of('files', 'file')]
}
