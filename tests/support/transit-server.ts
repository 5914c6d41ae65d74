/**
 * The two calls of the transit engine that the documentation of OpenBao and HashiCorp Vault describes, over a key that never leaves:
 * encrypt and decrypt with associated data, tokens, sealed, and the words of its errors. Neither program is in Debian or npm.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

type Refused = { status: number; errors: string[] }
const refuse = (status: number, ...errors: string[]): Refused => ({ status, errors })

export async function openTransitServer(
  given: { tls?: { cert: string; key: string }; namespace?: string; port?: number } = {},
) {
  const state = { token: 'hvs.first', isSealed: false, mayDecrypt: true }
  const keys = new Map<string, Buffer[]>()
  const asked: string[] = []

  function answer(request: IncomingMessage, body: Record<string, string>): object | Refused {
    const [, version, mount, what, name] = (request.url ?? '').split('/')
    if (state.isSealed) return refuse(503, 'Vault is sealed')
    if (request.headers['x-vault-token'] !== state.token) return refuse(403, 'permission denied')
    if ((request.headers['x-vault-namespace'] ?? undefined) !== given.namespace)
      return refuse(404, `no handler for route "${mount}/${what}/${name}"`)
    if (version !== 'v1' || mount !== 'transit' || !name) return refuse(404)
    if (request.method !== 'POST' && request.method !== 'PUT') return refuse(405)
    const aad = Buffer.from(body.associated_data ?? '', 'base64')
    if (what === 'encrypt') return encrypt(name, body.plaintext, aad)
    if (what === 'decrypt' && !state.mayDecrypt) return refuse(403, 'permission denied')
    if (what === 'decrypt') return decrypt(name, body.ciphertext ?? '', aad)
    return refuse(404)
  }

  function encrypt(name: string, plaintext: string | undefined, aad: Buffer): object | Refused {
    if (plaintext === undefined) return refuse(400, 'missing plaintext')
    // The key is made when there is none and the policy has "create", as aes256-gcm96.
    const versions = keys.get(name) ?? [randomBytes(32)]
    keys.set(name, versions)
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', versions.at(-1)!, nonce).setAAD(aad)
    const sealed = [nonce, cipher.update(Buffer.from(plaintext, 'base64')), cipher.final()]
    const ciphertext = Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64')
    return { ciphertext: `vault:v${versions.length}:${ciphertext}`, key_version: versions.length }
  }

  function decrypt(name: string, ciphertext: string, aad: Buffer): object | Refused {
    const versions = keys.get(name)
    if (!versions) return refuse(400, 'encryption key not found')
    const [, version, encoded] = /^vault:v(\d+):(.+)$/.exec(ciphertext) ?? []
    const key = versions[Number(version) - 1]
    if (!encoded || !key) return refuse(400, 'invalid ciphertext: no prefix')
    const bytes = Buffer.from(encoded, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(aad)
    decipher.setAuthTag(bytes.subarray(-16))
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
      return { plaintext: plain.toString('base64') }
    } catch {
      return refuse(400, 'cipher: message authentication failed')
    }
  }

  const take = async (
    request: IncomingMessage,
    response: import('node:http').ServerResponse,
  ): Promise<void> => {
    let text = ''
    for await (const piece of request) text += piece
    asked.push(text)
    const found = answer(request, JSON.parse(text || '{}'))
    const isRefused = 'errors' in found
    response.writeHead(isRefused ? (found as Refused).status : 200, {
      'content-type': 'application/json',
    })
    response.end(
      JSON.stringify(
        isRefused
          ? { errors: (found as Refused).errors }
          : { request_id: 'x', lease_id: '', renewable: false, lease_duration: 0, data: found },
      ),
    )
  }
  const server = given.tls ? createTlsServer(given.tls, take) : createServer(take)
  server.listen(given.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    state,
    asked,
    /** As `POST /v1/transit/keys/NAME/rotate`. */
    rotate: (name: string) => keys.get(name)!.push(randomBytes(32)),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
