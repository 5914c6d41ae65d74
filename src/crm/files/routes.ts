import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import { type HangingPath, type HangsOn, PageQuery } from '../contract.ts'
import * as shape from './contract.ts'
import { attachmentNamed } from './file-name.ts'
import {
  beginUpload,
  completeUpload,
  type Download,
  type FileParts,
  listFiles,
  moveFile,
  openFile,
  openPhoto,
  renameFile,
  showUpload,
  takePiece,
} from './files.ts'
import { listRetained, listRules, retainFile, sayPurpose } from './retention.ts'
import { deleteFile } from './store.ts'

export function fileRoutes(parts: FileParts): Route[] {
  const onSubject = (path: HangingPath, kind: HangsOn['kind']): Route[] => [
    read(
      `GET /api/${path}/:id/files`,
      { needs: 'files:see', params: shape.FileId, query: PageQuery, reply: shape.FilePage },
      ({ params, query, ...asking }) => listFiles(parts, asking, { kind, id: params.id }, query),
    ),
    write(
      `POST /api/${path}/:id/files`,
      {
        needs: 'files:create',
        params: shape.FileId,
        body: shape.NewFile,
        reply: shape.Upload,
        status: 201,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        beginUpload(parts, asking, { kind, id: params.id }, body, writeAtOnce),
    ),
  ]
  const edited = { needs: 'files:edit', params: shape.FileId } as const
  const made = { ...edited, needs: 'files:create' } as const
  const removed = { ...edited, needs: 'files:delete' } as const
  return [
    ...onSubject('people', 'person'),
    ...onSubject('companies', 'company'),
    ...onSubject('joint-dossiers', 'joint_dossier'),
    read('GET /api/files/:id/upload', { ...made, reply: shape.Upload }, ({ params, ...asking }) =>
      showUpload(parts, asking, params.id),
    ),
    write(
      'PUT /api/files/:id/pieces/:number',
      { needs: 'files:create', params: shape.PieceParams, reply: shape.Upload },
      ({ params, request, writeAtOnce, ...asking }) =>
        takePiece(parts, asking, params, request.body, writeAtOnce),
    ),
    write(
      'POST /api/files/:id/complete',
      { ...made, reply: shape.FileLine },
      ({ params, writeAtOnce, ...asking }) => completeUpload(parts, asking, params.id, writeAtOnce),
    ),
    read(
      'GET /api/files/:id/content',
      {
        needs: 'files:see',
        params: shape.FileId,
        reply: z.any(),
        replyType: 'application/octet-stream',
        purpose: 'download',
      },
      async ({ params, reply, ...asking }) => sent(reply, await openFile(parts, asking, params.id)),
    ),
    read(
      'GET /api/files/:id/photo',
      {
        needs: 'files:see',
        params: shape.FileId,
        reply: z.any(),
        replyType: 'application/octet-stream',
      },
      async ({ params, reply, ...asking }) =>
        sent(reply, await openPhoto(parts, asking, params.id)),
    ),
    write(
      'PATCH /api/files/:id',
      { ...edited, body: shape.FileEdit, reply: shape.FileLine },
      ({ params, body, writeAtOnce, ...asking }) =>
        renameFile(parts, asking, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/files/:id',
      { ...removed, reply: shape.Deleted },
      ({ params, writeAtOnce, ...asking }) => moveFile(asking, params.id, 'trash', writeAtOnce),
    ),
    write(
      'POST /api/files/:id/restore',
      { ...removed, reply: shape.Deleted },
      ({ params, writeAtOnce, ...asking }) => moveFile(asking, params.id, 'dossier', writeAtOnce),
    ),
    write(
      'DELETE /api/files/:id/for-good',
      { ...removed, reply: shape.Deleted },
      async ({ params, who, writeAtOnce }) => {
        if (!(await writeAtOnce((tx) => deleteFile(tx, params.id, who.userId)))) refuse('not-found')
        return { id: params.id }
      },
    ),
    read(
      'GET /api/retention-rules',
      { needs: 'files:see', reply: shape.RetentionRules },
      ({ tx }) => listRules(tx),
    ),
    write(
      'PUT /api/files/:id/retention',
      { ...edited, body: shape.RetentionEdit, reply: shape.FileLine },
      ({ params, body, writeAtOnce, ...asking }) =>
        retainFile(parts, asking, params.id, body, writeAtOnce),
    ),
    // Whoever looks after erasures corrects what is wrongly kept, and edits no files otherwise.
    write(
      'PUT /api/retained-files/:id/retention',
      {
        needs: 'erasures:run',
        params: shape.FileId,
        body: shape.RetentionEdit,
        reply: shape.FileLine,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        retainFile(parts, asking, params.id, body, writeAtOnce),
    ),
    read(
      'GET /api/retained-files',
      { needs: 'erasures:run', query: shape.RetainedQuery, reply: shape.RetainedPage },
      ({ query, ...asking }) => listRetained(parts, asking, query),
    ),
    write(
      'POST /api/retained-files/:id/openings',
      {
        needs: 'erasures:run',
        params: shape.FileId,
        body: shape.RetainedOpening,
        reply: shape.Said,
        status: 201,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        sayPurpose(parts, asking, params.id, body, writeAtOnce),
    ),
  ]
}

/** Never shown in place: whatever it claims to be, it is bytes to save, or to give to an image of our own page. */
function sent(reply: FastifyReply, { name, size, pieces }: Download): Readable {
  reply.headers({
    'content-disposition': attachmentNamed(name),
    'content-length': size,
    'content-security-policy': "default-src 'none'; sandbox",
  })
  return Readable.from(pieces, { objectMode: false, highWaterMark: 1 })
}
