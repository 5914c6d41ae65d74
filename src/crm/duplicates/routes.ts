import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import { listLikely, takeBack, tellApart } from './duplicates.ts'
import { mergeRecords, previewMerge } from './merge.ts'
import type { DuplicateParts } from './records.ts'
import { showMerges, undoMerge } from './undo.ts'

/** Finding, telling apart and merging ask for the right to edit: it is work, not a look. */
export function duplicateRoutes(parts: DuplicateParts): Route[] {
  const of = (path: 'people' | 'companies', kind: 'person' | 'company'): Route[] => [
    read(
      `GET /api/${path}/likely-duplicates`,
      { needs: `${path}:edit`, query: shape.LikelyQuery, reply: shape.LikelyPage },
      ({ tx, who, query }) => listLikely(parts, kind, { tx, who }, query),
    ),
    write(
      `POST /api/${path}/not-duplicates`,
      { needs: `${path}:edit`, body: shape.ToldApart, reply: shape.Told, status: 201 },
      ({ tx, who, body, writeAtOnce }) =>
        tellApart(parts, kind, { tx, who }, body.ids, writeAtOnce),
    ),
    write(
      `DELETE /api/${path}/not-duplicates/:id`,
      { needs: `${path}:edit`, params: shape.MergeId, reply: shape.Told },
      ({ params, writeAtOnce }) => takeBack(parts, kind, params.id, writeAtOnce),
    ),
    write(
      `POST /api/${path}/merges/preview`,
      { needs: `${path}:edit`, body: shape.MergeQuestion, reply: shape.MergePreview },
      ({ tx, who, token, body }) => previewMerge(parts, kind, { tx, who, token }, body),
    ),
    write(
      `POST /api/${path}/merges`,
      { needs: `${path}:edit`, body: shape.MergeRequest, reply: shape.Merged },
      ({ tx, who, token, body }) => mergeRecords(parts, kind, { tx, who, token }, body),
    ),
    read(
      `GET /api/${path}/:id/merges`,
      { needs: `${path}:see`, params: shape.MergeId, reply: shape.Merges },
      ({ tx, who, token, params }) => showMerges(parts, kind, { tx, who, token }, params.id),
    ),
    write(
      `POST /api/${path}/merges/:id/undo`,
      { needs: `${path}:edit`, params: shape.MergeId, reply: shape.Undone },
      ({ tx, who, token, params }) => undoMerge(parts, kind, { tx, who, token }, params.id),
    ),
  ]
  return [...of('people', 'person'), ...of('companies', 'company')]
}
