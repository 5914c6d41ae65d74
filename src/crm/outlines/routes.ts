import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { type Route, read } from '#security/access/route.ts'
import { PageQuery } from '../contract.ts'
import { OutlinePage } from './contract.ts'
import { listOutlines } from './store.ts'

/** For a planner or a program whose role has no contact data; PostgreSQL decides whose records these are. */
export function outlineRoutes(): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: 'person' | 'company'): Route =>
    read(
      `GET /api/${path}/outline`,
      { needs: `${path}:outline`, query: PageQuery, reply: OutlinePage },
      async ({ tx, query }) => {
        const before = query.cursor === undefined ? undefined : readPosition(query.cursor)
        const rows = await listOutlines(tx, kind, before, query.limit + 1)
        const shown = rows.slice(0, query.limit)
        const last = rows.length > query.limit ? shown.at(-1) : undefined
        return {
          items: shown.map((row) => ({
            id: row.id,
            stage: row.stage,
            ownerId: row.owner_id,
            teamId: row.team_id,
            createdAt: row.created_at.toISOString(),
            updatedAt: row.updated_at.toISOString(),
          })),
          nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
        }
      },
    )
  return [onSubject('people', 'person'), onSubject('companies', 'company')]
}
