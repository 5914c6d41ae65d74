import { refusalText } from './words.ts'

export class Refusal extends Error {
  readonly code: string
  readonly detail: Record<string, unknown> | undefined
  constructor(code: string, message: string, detail?: Record<string, unknown>) {
    super(message)
    this.code = code
    this.detail = detail
  }
}

/** Calls the server; a refusal becomes an error with a sentence to show. */
export async function call<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const isFile = body instanceof Blob
  const response = await fetch(`/api/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': isFile ? 'text/csv' : 'application/json' },
          body: isFile ? body : JSON.stringify(body),
        }),
  }).catch(() => {
    throw new Refusal('offline', refusalText('database-unavailable', 'The server does not answer'))
  })
  const reply = await response.json()
  if (response.ok) return reply as T
  const fields = (reply.detail?.fields ?? []) as { field: string }[]
  const named = fields.length ? `: ${fields.map((one) => one.field).join(', ')}` : ''
  throw new Refusal(reply.code, refusalText(reply.code, reply.title) + named, reply.detail)
}
