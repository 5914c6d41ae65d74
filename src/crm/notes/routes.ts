import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import type { Vault } from '#security/vault/vault.ts'
import { Deleted, NewNote, Note, NoteEdit, NoteId, Notes } from './contract.ts'
import { editNote, showNotes, writeNote } from './notes.ts'
import { deleteNote, type SubjectKind } from './store.ts'

export function noteRoutes({ vault }: { vault: Vault }): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: SubjectKind): Route[] => [
    read(
      `GET /api/${path}/:id/notes`,
      { needs: 'notes:see', params: NoteId, reply: Notes },
      ({ tx, params }) => showNotes(vault, tx, { kind, id: params.id }),
    ),
    write(
      `POST /api/${path}/:id/notes`,
      { needs: 'notes:edit', params: NoteId, body: NewNote, reply: Note, status: 201 },
      ({ tx, params, body, writeAtOnce }) =>
        writeNote(vault, tx, { kind, id: params.id }, body, writeAtOnce),
    ),
  ]
  return [
    ...onSubject('people', 'person'),
    ...onSubject('companies', 'company'),
    write(
      'PATCH /api/notes/:id',
      { needs: 'notes:edit', params: NoteId, body: NoteEdit, reply: Note },
      ({ tx, params, body, writeAtOnce }) => editNote(vault, tx, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/notes/:id',
      { needs: 'notes:edit', params: NoteId, reply: Deleted },
      async ({ params, writeAtOnce }) => {
        if (!(await writeAtOnce((tx) => deleteNote(tx, params.id)))) refuse('not-found')
        return { id: params.id }
      },
    ),
  ]
}
