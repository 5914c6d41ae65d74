/**
 * The only place that talks to the server. A refusal arrives as `Refusal` with the server's code; the
 * screens translate the code, never the server's words.
 */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  readonly detail: Record<string, unknown>
  constructor(code: string, status: number, detail: Record<string, unknown> = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.status = status
    this.detail = detail
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
type Query = Record<string, string | number | boolean | string[] | undefined | null>

// A request that takes longer than this has lost its server; the screen then says so.
const PATIENCE_MS = 60_000

let signInAgain: (() => Promise<void>) | undefined

/** The frame registers its sign-in sheet here: a call that meets an ended session waits for it. */
export function whenSessionEnds(ask: (() => Promise<void>) | undefined): void {
  signInAgain = ask
}

/** What a request lacks; its grant comes with the request again, or in a cookie for a link. */
export type GrantAsked = { refusal: Refusal; isForDownload: boolean }
/** Sent with the request once more. */
export type Given = { 'kluis-grant': string } | { 'kluis-reason': string }
let askForGrant: ((asked: GrantAsked) => Promise<Given>) | undefined
let lastAsked: Promise<unknown> = Promise.resolve()

/** The frame registers its dialogs here: a request that needs more than the session waits for them. */
export function whenGrantNeeded(ask: typeof askForGrant): void {
  askForGrant = ask
}

/**
 * Sends again what was refused for want of a session, a grant or somebody's approval, once somebody gave it or asked for
 * it. One dialog at a time; whoever closes it gets the refusal.
 */
async function persist<T>(send: (given?: Given) => Promise<T>, isForDownload = false): Promise<T> {
  let given: Given | undefined
  for (;;) {
    try {
      return await send(given)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'not-signed-in' && signInAgain) await signInAgain()
      // Of a budget: it is raised at its own address, which asks who is there; then the request goes on.
      else if (error.code === 'step-up-needed' && !error.detail.request)
        await ask('POST', '/api/budgets/own/more')
      else if (/^(step-up|approval)-needed$/.test(error.code) && askForGrant) {
        const ask = askForGrant
        const asked = lastAsked.then(() => ask({ refusal: error, isForDownload }))
        lastAsked = asked.catch(() => undefined)
        given = await asked
      } else throw error
    }
  }
}

let isThere = true
const listeners = new Set<() => void>()

/** Whether the last request reached the server; the frame says so on the screen. */
export function isServerThere(isNow = isThere): boolean {
  if (isNow !== isThere) {
    isThere = isNow
    for (const listener of listeners) listener()
  }
  return isThere
}
export function whenConnectionChanges(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let isFrozen = false

/** Whether the server said that a colleague must look first; the frame then shows that and no customer. */
export function isFrozenNow(isNow = isFrozen): boolean {
  if (isNow !== isFrozen) {
    isFrozen = isNow
    for (const listener of listeners) listener()
  }
  return isFrozen
}

export async function ask<T>(
  method: Method,
  path: string,
  given: { body?: unknown; query?: Query; signal?: AbortSignal } = {},
): Promise<T> {
  return persist((more) => send<T>(method, path, given, more))
}

/** What a screen asks by itself, again and again: it opens no dialog over what somebody is doing. */
export async function look<T>(path: string): Promise<T> {
  return send<T>('GET', path, {}, undefined)
}

/**
 * A file that the browser saves by itself: streamed, and never held in the page. What it takes is asked before; a link
 * carries no header, so its grant lies in a cookie.
 */
export async function save(path: string): Promise<void> {
  await persist(async (given) => {
    if (given && 'kluis-grant' in given) return
    // Never the grant of an earlier link: this only asks.
    const headers = { 'kluis-grant': 'none', ...given }
    const response = await fetch(path, { headers }).catch(() => {
      throw new Refusal('no-connection', 0)
    })
    if (!response.ok) throw await refusalOf(response)
    await response.body?.cancel()
  }, true)
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.rel = 'noopener'
  link.click()
}

/** A file as it lies on the disk; the server finds out its encoding and separator. */
export async function askWithFile<T>(
  path: string,
  file: File,
  query: Query,
  mayTakeMs = 10 * 60_000,
): Promise<T> {
  return persist(async () => {
    const response = await fetch(path + written(query), {
      method: 'POST',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(mayTakeMs),
      headers: { accept: 'application/json', 'content-type': 'text/csv', 'x-kluis': '1' },
      body: file,
    }).catch(() => {
      throw new Refusal('no-connection', 0)
    })
    if (response.ok) return (await response.json()) as T
    throw await refusalOf(response)
  })
}

/** A piece of a file. Says `no-connection` when it did not arrive; then it can be sent again. */
export async function askWithBytes<T>(path: string, bytes: Blob, signal: AbortSignal): Promise<T> {
  return persist(async () => {
    const response = await fetch(path, {
      method: 'PUT',
      credentials: 'same-origin',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      headers: {
        accept: 'application/json',
        'content-type': 'application/octet-stream',
        'x-kluis': '1',
      },
      body: bytes,
    }).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw new Refusal('no-connection', 0)
    })
    if (response.ok) return (await response.json()) as T
    throw await refusalOf(response)
  })
}

/** What is not JSON: the bytes as they are. */
export async function askForBytes(path: string, signal: AbortSignal): Promise<Blob> {
  return persist(async (given) => {
    const response = await fetch(path, {
      credentials: 'same-origin',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      headers: { ...given },
    }).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw new Refusal('no-connection', 0)
    })
    if (response.ok) return response.blob()
    throw await refusalOf(response)
  })
}

/** Whether somebody is signed in by now; asks nobody to. */
export function isSessionThere(): Promise<boolean> {
  return send('GET', '/api/session', {}, undefined).then(
    () => true,
    () => false,
  )
}

async function send<T>(
  method: Method,
  path: string,
  { body, query, signal }: { body?: unknown; query?: Query; signal?: AbortSignal },
  more: Given | undefined,
): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const request: RequestInit = {
    method,
    credentials: 'same-origin',
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-kluis': '1' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more,
    },
  }
  if (body !== undefined) request.body = JSON.stringify(body)
  const response = await fetch(path + written(query), request).catch((error: unknown) => {
    if (signal?.aborted) throw error
    isServerThere(false)
    throw new Refusal('no-connection', 0)
  })
  isServerThere(true)
  if (response.ok) return (await response.json()) as T
  throw await refusalOf(response)
}

async function refusalOf(response: Response): Promise<Refusal> {
  const given = (await response.json().catch(() => ({}))) as {
    code?: string
    detail?: Record<string, unknown>
  }
  const code = given.code ?? (response.status >= 500 ? 'no-connection' : 'bad-request')
  if (code === 'frozen') isFrozenNow(true)
  return new Refusal(code, response.status, given.detail)
}

function written(query: Query | undefined): string {
  if (!query) return ''
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return []
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)])
  })
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
