/**
 * The root key wrapped by a transit key of OpenBao or HashiCorp Vault, over its HTTP API: `POST /v1/MOUNT/encrypt/KEY` and
 * `decrypt/KEY`, with the organisation as associated data.
 *
 * Trusts: that server, by TLS, and whoever may use the key there. If lost: two recovery shares.
 */
import { readFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { request } from 'node:https'
import {
  type AskSecret,
  boundTo,
  ProviderAway,
  ProviderRefused,
  type RootKeyProvider,
} from './provider.ts'
import type { ProviderSettings } from './settings.ts'

type Settings = Extract<ProviderSettings, { kind: 'transit' }>
type Answer = { status: number; body: { data?: Record<string, unknown>; errors?: unknown } }

const PATIENCE_MS = 10_000
const ANSWER_BYTES_MAX = 64 * 1024

export const tokenFor = (address: URL) => `token for ${address.host}`

export function transitProvider(settings: Settings, secret: AskSecret): RootKeyProvider {
  const { address, key } = settings
  const name = `the transit key ${key} of ${address.host}`

  async function call(what: 'encrypt' | 'decrypt', body: object): Promise<string> {
    const answer = await post(settings, what, body, await secret(tokenFor(address)))
    const { status } = answer
    const field = what === 'encrypt' ? 'ciphertext' : 'plaintext'
    const value = answer.body.data?.[field]
    if (status === 200 && typeof value === 'string') return value
    const said = saidBy(answer)
    // The token is renewed by others, a policy is mended, a server is unsealed: each may be right at another try.
    if (status === 403 || status === 429 || status >= 500 || status === 200)
      throw new ProviderAway(`${name} answers ${status}${said}${hints[status] ?? ''}`)
    throw new ProviderRefused(`${name} answers ${status}${said}`)
  }

  return {
    kind: 'transit',
    name,
    async wrap(rootKey, organisationId) {
      const ciphertext = await call('encrypt', {
        plaintext: rootKey.toString('base64'),
        associated_data: boundTo(organisationId).toString('base64'),
      })
      return Buffer.from(ciphertext)
    },
    async unwrap(wrapped, organisationId) {
      const plaintext = await call('decrypt', {
        ciphertext: wrapped.toString('utf8'),
        associated_data: boundTo(organisationId).toString('base64'),
      })
      return Buffer.from(plaintext, 'base64')
    },
  }
}

const hints: Record<number, string> = {
  403: '; is the token still valid, and may it use the key?',
  503: '; is it sealed?',
}

/** Its own words, for the operator: they hold no secret of ours. */
function saidBy({ body: { errors } }: Answer): string {
  return Array.isArray(errors) && errors.length > 0 ? `: ${errors.join('; ').slice(0, 300)}` : ''
}

function post(
  { address, mount, key, namespace, authority }: Settings,
  what: string,
  body: object,
  token: string,
): Promise<Answer> {
  const sent = Buffer.from(JSON.stringify(body))
  const url = new URL(`/v1/${mount}/${what}/${key}`, address)
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        new ProviderAway(`${address.host} does not answer: ${error.message}`, { cause: error }),
      )
    const options = {
      method: 'POST',
      timeout: PATIENCE_MS,
      headers: {
        'content-type': 'application/json',
        'content-length': sent.length,
        'x-vault-request': 'true',
        'x-vault-token': token,
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
    }
    const ask =
      address.protocol === 'https:'
        ? request(url, {
            ...options,
            ...(authority === undefined ? {} : { ca: readFileSync(authority) }),
          })
        : requestPlain(url, options)
    ask.on('timeout', () => ask.destroy(new Error(`nothing within ${PATIENCE_MS / 1000} s`)))
    ask.on('error', fail)
    ask.on('response', (response) => {
      const pieces: Buffer[] = []
      let length = 0
      response.on('data', (piece: Buffer) => {
        length += piece.length
        if (length > ANSWER_BYTES_MAX) ask.destroy(new Error('its answer is too long'))
        else pieces.push(piece)
      })
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(pieces)) }),
      )
    })
    ask.end(sent)
  })
}

function parsed(bytes: Buffer): Answer['body'] {
  try {
    const body = JSON.parse(bytes.toString('utf8'))
    return typeof body === 'object' && body !== null ? body : {}
  } catch {
    return {}
  }
}
