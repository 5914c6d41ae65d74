import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { HangingPath, HangsOn } from '../contract.ts'
import * as shape from './contract.ts'
import { editNote, moveNote, pinNote, showNotes, showVersions, writeNote } from './notes.ts'
import { deleteNote } from './store.ts'

export function noteRoutes({ vault }: { vault: Vault }): Route[] {
  const onSubject = (path: HangingPath, kind: HangsOn['kind']): Route[] => [
    read(
      `GET /api/${path}/:id/notes`,
      { needs: 'notes:see', params: shape.NoteId, reply: shape.Notes },
      ({ tx, params }) => showNotes(vault, tx, { kind, id: params.id }),
    ),
    write(
      `POST /api/${path}/:id/notes`,
      {
        needs: 'notes:create',
        params: shape.NoteId,
        body: shape.NewNote,
        reply: shape.WrittenNote,
        status: 201,
      },
      ({ tx, params, body, writeAtOnce }) =>
        writeNote(vault, tx, { kind, id: params.id }, body, writeAtOnce),
    ),
  ]
  const removed = { needs: 'notes:delete', params: shape.NoteId, reply: shape.Deleted } as const
  return [
    ...onSubject('people', 'person'),
    ...onSubject('companies', 'company'),
    ...onSubject('joint-dossiers', 'joint_dossier'),
    write(
      'PATCH /api/notes/:id',
      {
        needs: 'notes:edit',
        params: shape.NoteId,
        body: shape.NoteEdit,
        reply: shape.WrittenNote,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        editNote(vault, asking, params.id, body, writeAtOnce),
    ),
    write(
      'POST /api/notes/:id/pin',
      { needs: 'notes:edit', params: shape.NoteId, body: shape.NotePin, reply: shape.Note },
      ({ params, body, writeAtOnce, ...asking }) =>
        pinNote(vault, asking, params.id, body, writeAtOnce),
    ),
    read(
      'GET /api/notes/:id/versions',
      { needs: 'notes:see', params: shape.NoteId, reply: shape.NoteVersions },
      ({ tx, params }) => showVersions(vault, tx, params.id),
    ),
    write('DELETE /api/notes/:id', removed, ({ params, writeAtOnce, ...asking }) =>
      moveNote(asking, params.id, 'trash', writeAtOnce),
    ),
    write('POST /api/notes/:id/restore', removed, ({ params, writeAtOnce, ...asking }) =>
      moveNote(asking, params.id, 'dossier', writeAtOnce),
    ),
    write('DELETE /api/notes/:id/for-good', removed, async ({ params, writeAtOnce }) => {
      if (!(await writeAtOnce((tx) => deleteNote(tx, params.id)))) refuse('not-found')
      return { id: params.id }
    }),
  ]
}
