import { refuse } from '#platform/problem.ts'
import { type Route, write } from '#security/access/route.ts'
import { Imported, ImportId, ImportQuery, Reverted } from './contract.ts'
import { type ExchangeParts, importPeople, readMapping, revertImport } from './exchange.ts'

const FILE_BYTES_MAX = 50 * 1024 * 1024

/** The file itself is the body (text/csv or application/octet-stream): nothing is kept of it but what it became. */
export function exchangeRoutes(parts: ExchangeParts): Route[] {
  return [
    write(
      'POST /api/imports',
      {
        needs: 'imports:run',
        query: ImportQuery,
        reply: Imported,
        status: 201,
        bodyLimitBytes: FILE_BYTES_MAX,
        purpose: 'import',
      },
      ({ tx, who, query, request, writeAtOnce }) => {
        if (!Buffer.isBuffer(request.body))
          refuse('bad-request', { why: 'send the file as text/csv' })
        return importPeople(
          parts,
          { tx, who },
          {
            bytes: request.body,
            isDryRun: query.dryRun === 'true',
            mapping: readMapping(query.mapping),
          },
          writeAtOnce,
        )
      },
    ),
    write(
      'POST /api/imports/:id/revert',
      { needs: 'imports:run', params: ImportId, reply: Reverted, purpose: 'import' },
      ({ tx, params, now, write: writeInSteps }) =>
        revertImport(parts, { tx }, params.id, now, writeInSteps),
    ),
  ]
}
