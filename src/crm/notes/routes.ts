import { type Route, read, write } from '#security/access/route.ts'
import type { Vault } from '#security/vault/vault.ts'
import { NewNote, Note, Notes, PersonId } from './contract.ts'
import { showNotes, writeNote } from './notes.ts'

export function noteRoutes({ vault }: { vault: Vault }): Route[] {
  return [
    read(
      'GET /api/people/:id/notes',
      { needs: 'notes:see', params: PersonId, reply: Notes },
      ({ tx, params }) => showNotes(vault, tx, params.id),
    ),
    write(
      'POST /api/people/:id/notes',
      { needs: 'notes:edit', params: PersonId, body: NewNote, reply: Note, status: 201 },
      ({ tx, who, params, body, writeAtOnce }) =>
        writeNote(vault, { tx, who }, params.id, body, writeAtOnce),
    ),
  ]
}
