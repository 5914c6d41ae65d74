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
import { changeCompanyCells } from './cells.ts'
import {
  type CompanyParts,
  contactTarget,
  createCompany,
  editCompany,
  moveToTrash,
  revealCompany,
  showCompany,
} from './companies.ts'
import { searchText } from './company-fields.ts'
import * as shape from './contract.ts'
import { findDuplicates, listCompanies, listCompaniesAt } from './list.ts'
import { showSectors } from './sector-search.ts'
import * as store from './store.ts'

export function companyRoutes(parts: CompanyParts): Route[] {
  const companiesInBulk: BulkTable = {
    kind: 'company',
    mayDelete: 'companies:delete',
    columns: store.COLUMNS,
    fields: () => parts.fields.definitions('company'),
    change: store.changeCompany,
    target: contactTarget,
  }
  return [
    read(
      'GET /api/companies',
      { needs: 'companies:see', query: RecordQuery, reply: shape.CompaniesPage },
      ({ query, ...asking }) => listCompanies(parts, asking, query),
    ),
    read(
      'GET /api/sectors',
      { needs: 'companies:see', query: shape.SectorQuery, reply: shape.Sectors },
      async ({ query, who }) => showSectors(query, who.language),
    ),
    read(
      'GET /api/companies/fields',
      { needs: 'companies:see', reply: Fields },
      async ({ who }) => ({
        items: parts.filtering.fieldsOf(who).fields,
      }),
    ),
    write(
      'POST /api/companies/list',
      { needs: 'companies:see', body: ListQuestion, reply: shape.CompaniesPage },
      ({ body, ...asking }) => listCompaniesAt(parts, asking, body),
    ),
    write(
      'POST /api/companies/groups',
      { needs: 'companies:see', body: GroupQuestion, reply: Groups },
      ({ body, ...asking }) =>
        findGroups(parts.index, 'company', parts.filtering, asking, {
          ...body,
          ...(body.search ? { search: searchText(body.search) } : {}),
        }),
    ),
    write(
      'POST /api/companies/cells',
      { needs: 'companies:edit', body: CellChange, reply: CellReply },
      ({ body, writeAtOnce, ...asking }) => changeCompanyCells(parts, asking, body, writeAtOnce),
    ),
    read('GET /api/companies/facets', { needs: 'companies:see', reply: Facets }, (asking) =>
      showFacets(parts.index, 'company', parts.filtering, asking),
    ),
    read(
      'GET /api/companies/:id',
      { needs: 'companies:see', params: shape.CompanyId, reply: shape.Company },
      ({ params, ...asking }) => showCompany(parts, asking, params.id),
    ),
    write(
      'POST /api/companies',
      { needs: 'companies:create', body: shape.NewCompany, reply: shape.Company, status: 201 },
      ({ body, writeAtOnce, ...asking }) => createCompany(parts, asking, body, writeAtOnce),
    ),
    write(
      'POST /api/companies/bulk',
      {
        needs: 'companies:edit',
        operation: operationOfBulk,
        preview: previewOfBulk('trash-companies'),
        body: BulkChange,
        reply: BulkReply,
      },
      ({ body, ...asking }) => changeMany(parts, companiesInBulk, asking, body),
    ),
    write(
      'POST /api/companies/duplicates',
      { needs: 'companies:edit', body: shape.DuplicateQuestion, reply: DuplicateReply },
      ({ body, ...asking }) => findDuplicates(parts, asking, body),
    ),
    write(
      'PATCH /api/companies/:id',
      {
        needs: 'companies:edit',
        params: shape.CompanyId,
        body: shape.CompanyChange,
        reply: shape.Company,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        editCompany(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/companies/:id',
      { needs: 'companies:delete', params: shape.CompanyId, reply: shape.Company },
      ({ params, writeAtOnce, ...asking }) =>
        moveToTrash(parts, asking, params.id, 'trash', writeAtOnce),
    ),
    write(
      'POST /api/companies/:id/restore',
      { needs: 'companies:delete', params: shape.CompanyId, reply: shape.Company },
      ({ params, writeAtOnce, ...asking }) =>
        moveToTrash(parts, asking, params.id, 'list', writeAtOnce),
    ),
    write(
      'POST /api/companies/:id/reveal',
      {
        needs: 'companies:reveal',
        params: shape.CompanyId,
        body: shape.RevealRequest,
        reply: shape.Revealed,
        purpose: 'reveal',
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        revealCompany(parts, asking, params.id, body.reason, writeAtOnce),
    ),
    read(
      'GET /api/companies/:id/openings',
      { needs: 'openings:see', params: shape.CompanyId, reply: Openings },
      ({ tx, params }) => showOpenings(parts, tx, 'company', params.id),
    ),
  ]
}
