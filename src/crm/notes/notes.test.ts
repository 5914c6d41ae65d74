import { afterAll, beforeAll, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'
import { editNote } from './notes.ts'

let kluis: TestKluis
beforeAll(async () => {
  kluis = await openTestKluis()
})
afterAll(() => kluis.close())

test('a note that a colleague removes while it is being changed is not told to be changed', async () => {
  const bea = await kluis.setUp()
  const person = (await bea.call('POST', '/api/people', { familyName: 'Peeters' })).json()
  const made = await bea.call('POST', `/api/people/${person.id}/notes`, { body: 'Belt maandag' })
  const { id } = made.json()
  const { db, vault } = kluis.app
  const token = new Hidden(bea.token)
  const change = { rowVersion: 1, body: 'Belt dinsdag', isConfirmed: false }
  const edited = editNote(vault, db.reader(token, 'edit'), id, change, async (ask) => {
    await bea.call('DELETE', `/api/notes/${id}`)
    return db.writeAtOnce(token, ask, 'edit')
  })
  await expect(edited).rejects.toMatchObject({ code: 'not-found' })
})
