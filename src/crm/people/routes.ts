import { type Route, read, write } from '#security/access/route.ts'
import { type BulkTable, changeMany, operationOfBulk, previewOfBulk } from '../bulk.ts'
import {
  BulkChange,
  BulkReply,
  DuplicateReply,
  Facets,
  Openings,
  RecordQuery,
} from '../contract.ts'
import { findGroups, showFacets } from '../record-list.ts'
import { showOpenings } from '../reveals.ts'
import {
  CellChange,
  CellReply,
  Fields,
  GroupQuestion,
  Groups,
  ListQuestion,
} from '../views/contract.ts'
import { changePeopleCells } from './cells.ts'
import { contactTarget } from './contact.ts'
import * as shape from './contract.ts'
import { findDuplicates, listPeople, listPeopleAt } from './list.ts'
import { createPerson, editPerson, moveToTrash, type PeopleParts, showPerson } from './people.ts'
import { revealPerson } from './reveal.ts'
import * as store from './store.ts'

export function peopleRoutes(parts: PeopleParts): Route[] {
  const peopleInBulk: BulkTable = {
    kind: 'person',
    mayDelete: 'people:delete',
    columns: store.COLUMNS,
    fields: () => parts.fields.definitions('person'),
    change: store.changePerson,
    target: contactTarget,
  }
  return [
    read(
      'GET /api/people',
      { needs: 'people:see', query: RecordQuery, reply: shape.PeoplePage },
      ({ tx, who, query }) => listPeople(parts, { tx, who }, query),
    ),
    read('GET /api/people/fields', { needs: 'people:see', reply: Fields }, async ({ who }) => ({
      items: parts.filtering.fieldsOf(who).fields,
    })),
    write(
      'POST /api/people/list',
      { needs: 'people:see', body: ListQuestion, reply: shape.PeoplePage },
      ({ body, ...asking }) => listPeopleAt(parts, asking, body),
    ),
    write(
      'POST /api/people/groups',
      { needs: 'people:see', body: GroupQuestion, reply: Groups },
      ({ body, ...asking }) => findGroups(parts.index, 'person', parts.filtering, asking, body),
    ),
    write(
      'POST /api/people/cells',
      { needs: 'people:edit', body: CellChange, reply: CellReply },
      ({ body, writeAtOnce, ...asking }) => changePeopleCells(parts, asking, body, writeAtOnce),
    ),
    read('GET /api/people/facets', { needs: 'people:see', reply: Facets }, (asking) =>
      showFacets(parts.index, 'person', parts.filtering, asking),
    ),
    read(
      'GET /api/people/:id',
      { needs: 'people:see', params: shape.PersonId, reply: shape.Person },
      ({ tx, who, params }) => showPerson(parts, { tx, who }, params.id),
    ),
    write(
      'POST /api/people',
      { needs: 'people:create', body: shape.NewPerson, reply: shape.Person, status: 201 },
      ({ tx, who, body, writeAtOnce }) => createPerson(parts, { tx, who }, body, writeAtOnce),
    ),
    write(
      'POST /api/people/duplicates',
      { needs: 'people:see', body: shape.DuplicateQuestion, reply: DuplicateReply },
      ({ tx, who, body }) => findDuplicates(parts, { tx, who }, body),
    ),
    write(
      'POST /api/people/bulk',
      {
        needs: 'people:edit',
        operation: operationOfBulk,
        preview: previewOfBulk('trash-people'),
        body: BulkChange,
        reply: BulkReply,
      },
      ({ body, ...asking }) => changeMany(parts, peopleInBulk, asking, body),
    ),
    write(
      'PATCH /api/people/:id',
      {
        needs: 'people:edit',
        params: shape.PersonId,
        body: shape.PersonChange,
        reply: shape.Person,
      },
      ({ tx, who, params, body, writeAtOnce }) =>
        editPerson(parts, { tx, who }, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/people/:id',
      { needs: 'people:delete', params: shape.PersonId, reply: shape.Done },
      async ({ tx, who, params, now, writeAtOnce }) => {
        await moveToTrash(parts, { tx, who }, params.id, 'trash', now, writeAtOnce)
        return { done: true as const }
      },
    ),
    write(
      'POST /api/people/:id/restore',
      { needs: 'people:delete', params: shape.PersonId, reply: shape.Done },
      async ({ tx, who, params, now, writeAtOnce }) => {
        await moveToTrash(parts, { tx, who }, params.id, 'list', now, writeAtOnce)
        return { done: true as const }
      },
    ),
    write(
      'POST /api/people/:id/reveal',
      {
        needs: 'people:reveal',
        params: shape.PersonId,
        body: shape.RevealRequest,
        reply: shape.Revealed,
        purpose: 'reveal',
      },
      ({ tx, who, params, body, writeAtOnce }) =>
        revealPerson(parts, { tx, who }, params.id, body.reason, writeAtOnce),
    ),
    read(
      'GET /api/people/:id/openings',
      { needs: 'openings:see', params: shape.PersonId, reply: Openings },
      ({ tx, params }) => showOpenings(parts, tx, 'person', params.id),
    ),
  ]
}
