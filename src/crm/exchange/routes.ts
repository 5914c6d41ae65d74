import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import { type ExchangeParts, importFile } from './exchange.ts'
import { exportCompanies, exportPeople } from './export.ts'
import { listImports, refusedCsv, revertImport, showImport } from './runs.ts'

const FILE_BYTES_MAX = 50 * 1024 * 1024
const CSV = 'text/csv; charset=utf-8'
const Csv = z.unknown().describe('text/csv')

/** The file itself is the body (text/csv or application/octet-stream): nothing is kept of it but what it became. */
export function exchangeRoutes(parts: ExchangeParts): Route[] {
  const { vault } = parts
  return [
    write(
      'POST /api/imports',
      {
        needs: 'imports:run',
        query: shape.ImportQuery,
        reply: shape.Imported,
        status: 201,
        bodyLimitBytes: FILE_BYTES_MAX,
        purpose: 'import',
      },
      ({ query, request, ...asking }) =>
        importFile(parts, asking, {
          ...query,
          bytes: fileOf(request),
          isDryRun: query.dryRun === 'true',
        }),
    ),
    write(
      'POST /api/imports/preview',
      {
        needs: 'imports:run',
        query: shape.ImportQuery,
        reply: shape.Preview,
        bodyLimitBytes: FILE_BYTES_MAX,
        purpose: 'import',
      },
      ({ query, request, ...asking }) =>
        importFile(parts, asking, { ...query, bytes: fileOf(request), isDryRun: true }),
    ),
    read('GET /api/imports', { needs: 'imports:run', reply: shape.ImportRuns }, (asking) =>
      listImports(vault, asking),
    ),
    read(
      'GET /api/imports/:id',
      { needs: 'imports:run', params: shape.ImportId, reply: shape.ImportRunRows },
      ({ params, ...asking }) => showImport(vault, asking, params.id),
    ),
    read(
      'GET /api/imports/:id/refused.csv',
      {
        needs: 'imports:run',
        params: shape.ImportId,
        reply: Csv,
        replyType: CSV,
        purpose: 'import',
      },
      async ({ params, reply, ...asking }) => {
        const csv = await refusedCsv(vault, asking, params.id)
        return asDownload(reply, 'kluis-geweigerd.csv', csv)
      },
    ),
    write(
      'POST /api/imports/:id/revert',
      {
        needs: 'imports:run',
        params: shape.ImportId,
        reply: shape.Reverted,
        purpose: 'import',
      },
      ({ params, ...asking }) => revertImport(parts, asking, params.id),
    ),
    read(
      'GET /api/people/export.csv',
      { needs: 'people:export', reply: Csv, replyType: CSV, purpose: 'export' },
      async ({ reply, ...asking }) =>
        asDownload(reply, 'kluis-klanten.csv', (await exportPeople(vault, asking)).csv),
    ),
    read(
      'GET /api/companies/export.csv',
      { needs: 'companies:export', reply: Csv, replyType: CSV, purpose: 'export' },
      async ({ reply, ...asking }) =>
        asDownload(reply, 'kluis-bedrijven.csv', (await exportCompanies(vault, asking)).csv),
    ),
  ]
}

function fileOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body)
    ? request.body
    : refuse('bad-request', { why: 'send the file itself as text/csv' })
}

function asDownload(reply: FastifyReply, fileName: string, csv: Buffer): Buffer {
  reply.header('content-disposition', `attachment; filename="${fileName}"`)
  return csv
}
