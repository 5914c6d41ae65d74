import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { newNonce, pagePolicy } from './headers.ts'

// Vite writes it wherever a nonce belongs (vite.config.ts).
const NONCE = 'KLUIS_NONCE'

export type SendPage = (reply: FastifyReply) => FastifyReply

/**
 * The built screens: one page, rendered for each answer with a nonce of its own, and the files it asks for. Those are
 * listed when the server starts and each has an address of its own, so that no path leads to any other file.
 */
export async function serveWebApp(
  app: FastifyInstance,
  webRoot: string,
): Promise<SendPage | undefined> {
  const page = join(webRoot, 'index.html')
  if (!existsSync(page)) return undefined
  const parts = readFileSync(page, 'utf8').split(NONCE)
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    wildcard: false,
    globIgnore: ['index.html'],
    cacheControl: false,
    setHeaders: (response, path) => {
      // A file under assets/ has its content in its name; of the others the newest counts.
      response.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=2592000, immutable' : 'no-cache',
      )
    },
  })
  return (reply) => {
    const nonce = newNonce()
    return reply
      .header('content-security-policy', pagePolicy(nonce))
      .type('text/html; charset=utf-8')
      .send(parts.join(nonce))
  }
}
