import http from 'node:http'

export type Asked = {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  body?: object
  headers?: Record<string, string>
}
export type Answer = { status: number; body: string; bytes: Buffer }

/** One side of a comparison: where it listens and what it wants to be shown with each request. */
export class Side {
  readonly #port: number
  readonly #headers: Record<string, string>
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
  constructor(port: number, headers: Record<string, string> = {}) {
    this.#port = port
    this.#headers = headers
  }

  ask({ method, path, body, headers }: Asked): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: this.#agent,
          headers: {
            ...this.#headers,
            ...headers,
            host: `localhost:${this.#port}`,
            ...(payload
              ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
              : {}),
          },
        },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          const done = () => {
            const bytes = Buffer.concat(parts)
            resolve({ status: response.statusCode ?? 0, body: bytes.toString('utf8'), bytes })
          }
          response.on('end', done)
          // What is broken off halfway gave what it gave.
          response.on('error', done)
        },
      )
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept, and closed by the server at the very moment it was used again.
        if (request.reusedSocket && error.code === 'ECONNRESET')
          this.ask({ method, path, ...(body && { body }) }).then(resolve, reject)
        else reject(error)
      })
      request.end(payload)
    })
  }

  async json<T>(asked: Asked): Promise<T> {
    const { status, body } = await this.ask(asked)
    if (status >= 300) throw new Error(`${asked.method} ${asked.path} said ${status}: ${body}`)
    return JSON.parse(body) as T
  }

  close(): void {
    this.#agent.destroy()
  }
}

export type Load = { perSecond: number; p50Ms: number; p95Ms: number }

/** Asks without pause from `concurrency` places at once for `ms`; a refusal ends the measurement. */
export async function load(
  ms: number,
  concurrency: number,
  one: (place: number) => Promise<Answer>,
): Promise<number[]> {
  const tookMs: number[] = []
  const until = performance.now() + ms
  const place = async (at: number) => {
    while (performance.now() < until) {
      const began = performance.now()
      const { status, body } = await one(at)
      if (status >= 300) throw new Error(`a request of the measurement said ${status}: ${body}`)
      tookMs.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, (_, at) => place(at)))
  return tookMs
}

export function figures(tookMs: number[], ms: number): Load {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  return {
    perSecond: Math.round((tookMs.length / ms) * 1000),
    p50Ms: Number(at(0.5).toFixed(2)),
    p95Ms: Number(at(0.95).toFixed(2)),
  }
}
