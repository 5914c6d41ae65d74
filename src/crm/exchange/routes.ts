import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import { type ExchangeParts, lookAt, resumeImport, startImport } from './exchange.ts'
import { type ExportAsking, type Exported, exportRecords } from './export/export.ts'
import { countForExport } from './export/store.ts'
import { previewRevert, revertImport } from './revert/revert.ts'
import {
  type Download,
  findRun,
  listImports,
  pauseImport,
  refusedFile,
  showImport,
} from './runs.ts'
import { deleteMapping } from './store.ts'
import { takeOut } from './take-out/take-out.ts'

const FILE_BYTES_MAX = 50 * 1024 * 1024
const OCTETS = 'application/octet-stream'
const FILE_TYPES = [OCTETS, 'text/csv']
const File = z.unknown().describe('a file')

/** The file itself is the body (any kind, as application/octet-stream): nothing is kept of it but what it became. */
export function exchangeRoutes(parts: ExchangeParts): Route[] {
  const { vault, exports } = parts
  return [
    write(
      'POST /api/imports',
      {
        needs: 'imports:run',
        query: shape.ImportQuery,
        reply: shape.Imported,
        status: 201,
        fileTypes: FILE_TYPES,
        bodyLimitBytes: FILE_BYTES_MAX,
        purpose: 'import',
      },
      async ({ query, request, ...asking }) => {
        const ask = { ...query, bytes: fileOf(request) }
        if (query.dryRun === 'true') return lookAt(parts, asking, ask)
        const started = await startImport(parts, asking, ask)
        return query.wait === 'true' ? started.finished : started.result
      },
    ),
    write(
      'POST /api/imports/preview',
      {
        needs: 'imports:run',
        query: shape.ImportQuery,
        reply: shape.Preview,
        fileTypes: FILE_TYPES,
        bodyLimitBytes: FILE_BYTES_MAX,
        purpose: 'import',
      },
      ({ query, request, ...asking }) =>
        lookAt(parts, asking, { ...query, bytes: fileOf(request) }),
    ),
    read('GET /api/imports', { needs: 'imports:run', reply: shape.ImportRuns }, (asking) =>
      listImports(parts, asking),
    ),
    read(
      'GET /api/imports/:id',
      { needs: 'imports:run', params: shape.ImportId, reply: shape.ImportRunRows },
      ({ params, ...asking }) => showImport(parts, asking, params.id),
    ),
    write(
      'POST /api/imports/:id/pause',
      { needs: 'imports:run', params: shape.ImportId, reply: shape.ImportRun, purpose: 'import' },
      ({ params, ...asking }) => pauseImport(parts, asking, params.id),
    ),
    write(
      'POST /api/imports/:id/resume',
      { needs: 'imports:run', params: shape.ImportId, reply: shape.ImportRun, purpose: 'import' },
      async ({ params, ...asking }) => {
        await resumeImport(parts, asking, params.id)
        return findRun(parts, asking, params.id)
      },
    ),
    read(
      'GET /api/imports/:id/refused',
      {
        needs: 'imports:run',
        params: shape.ImportId,
        reply: File,
        replyType: OCTETS,
        purpose: 'import',
      },
      async ({ params, reply, ...asking }) =>
        asDownload(reply, await refusedFile(vault, asking, params.id)),
    ),
    read(
      'GET /api/imports/:id/revert',
      {
        needs: 'imports:run',
        params: shape.ImportId,
        reply: shape.RevertPreview,
        purpose: 'import',
      },
      ({ params, ...asking }) => previewRevert(parts, asking, params.id),
    ),
    write(
      'POST /api/imports/:id/revert',
      {
        needs: 'imports:run',
        // It removes as many customers as the import brought.
        operation: 'bulk-delete',
        preview: async ({ tx, params }: { tx: ReadTx; params: { id: string } }) => {
          const { people, companies, restored } = await previewRevert(parts, { tx }, params.id)
          const facts = { count: people, companies, restored }
          return { what: 'revert-import' as const, facts }
        },
        params: shape.ImportId,
        body: shape.RevertRequest,
        reply: shape.Reverted,
        purpose: 'import',
      },
      ({ params, body, ...asking }) => revertImport(parts, asking, params.id, body.changedSince),
    ),
    write(
      'DELETE /api/import-mappings/:id',
      {
        needs: 'imports:run',
        params: shape.ImportId,
        reply: shape.ImportId,
        purpose: 'import',
      },
      async ({ params, writeAtOnce }) => {
        if ((await writeAtOnce((tx) => deleteMapping(tx, params.id))) === 0) refuse('not-found')
        return params
      },
    ),
    ...shape.exportFormats.flatMap((format) =>
      exportedKinds.map(([path, kind]) =>
        read(
          `GET /api/${path}/export.${format}`,
          {
            needs: `${path}:export`,
            operation: 'export',
            preview: async ({ tx }: { tx: ReadTx }) => ({
              what: `export-${path}` as const,
              facts: { format, count: await countForExport(tx, kind) },
            }),
            besides: ['export'],
            query: shape.ExportQuery,
            reply: File,
            replyType: OCTETS,
            purpose: 'export',
          },
          ({ reply, query, ...asking }) =>
            asStream(parts, reply, asking, query.export, (following) =>
              exportRecords(parts, following, kind, format),
            ),
        ),
      ),
    ),
    read(
      'GET /api/take-out',
      {
        needs: 'people:export',
        operation: 'export',
        preview: async ({ tx }: { tx: ReadTx }) => ({
          what: 'take-out' as const,
          facts: {
            count: await countForExport(tx, 'person'),
            companies: await countForExport(tx, 'company'),
          },
        }),
        besides: ['export'],
        query: shape.ExportQuery,
        reply: File,
        replyType: OCTETS,
        purpose: 'export',
      },
      ({ reply, query, ...asking }) =>
        asStream(parts, reply, asking, query.export, async (following) => ({
          ...(await takeOut(parts, following)),
          type: 'application/zip',
        })),
    ),
    read(
      'GET /api/exports/:id',
      { needs: 'signed-in', params: shape.ImportId, reply: shape.ExportProgress },
      async ({ who, params }) => exports.find(who.userId, params.id) ?? refuse('not-found'),
    ),
    write(
      'DELETE /api/exports/:id',
      { needs: 'signed-in', params: shape.ImportId, reply: shape.ExportProgress },
      async ({ who, params }) => exports.stop(who.userId, params.id) ?? refuse('not-found'),
    ),
  ]
}

const exportedKinds = [
  ['people', 'person'],
  ['companies', 'company'],
] as const

/** Sent while it is written. When something fails on the way the connection breaks, and no browser takes that for a file. */
async function asStream(
  { exports }: ExchangeParts,
  reply: FastifyReply,
  asking: ExportAsking,
  id: string | undefined,
  begin: (following: ExportAsking) => Promise<Exported>,
): Promise<FastifyReply> {
  const exported = await exports.watch(asking.who.userId, id, (onRows) =>
    begin({ ...asking, onRows }),
  )
  reply.header('content-disposition', `attachment; filename="${exported.fileName}"`)
  return reply.type(exported.type).send(exported.stream)
}

function fileOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body)
    ? request.body
    : refuse('bad-request', { why: 'send the file itself as text/csv' })
}

function asDownload(reply: FastifyReply, { fileName, type, bytes }: Download): FastifyReply {
  reply.header('content-disposition', `attachment; filename="${fileName}"`)
  return reply.type(type).send(bytes)
}
