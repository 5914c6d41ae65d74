/**
 * Encrypt and Decrypt of AWS KMS as its API reference describes them (JSON 1.1, Signature Version 4 checked, errors by their names),
 * over keys of its own. For the SDK, which is told its address.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export const ACCESS_KEY = 'AKIDEXAMPLE'
export const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

type Asked = {
  KeyId?: string
  Plaintext?: string
  CiphertextBlob?: string
  EncryptionContext?: Record<string, string>
}
type Refused = { __type: string; message: string }

export async function openKmsServer(...arns: string[]) {
  const keys = new Map(arns.map((arn) => [arn, randomBytes(32)]))
  const state = { disabled: new Set<string>() }

  function answer(target: string, asked: Asked): object | Refused {
    const aad = Buffer.from(
      JSON.stringify(
        Object.entries(asked.EncryptionContext ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    if (target === 'TrentService.Encrypt') {
      const key = keys.get(asked.KeyId ?? '')
      if (!key)
        return { __type: 'NotFoundException', message: `Key '${asked.KeyId}' does not exist` }
      if (state.disabled.has(asked.KeyId!))
        return { __type: 'DisabledException', message: `${asked.KeyId} is disabled.` }
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
      const sealed = [cipher.update(Buffer.from(asked.Plaintext!, 'base64')), cipher.final()]
      const header = Buffer.from(`${asked.KeyId}\0`)
      const blob = Buffer.concat([header, nonce, ...sealed, cipher.getAuthTag()])
      return {
        CiphertextBlob: blob.toString('base64'),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        KeyId: asked.KeyId,
      }
    }
    if (target === 'TrentService.Decrypt') {
      const blob = Buffer.from(asked.CiphertextBlob!, 'base64')
      const end = blob.indexOf(0)
      const arn = blob.subarray(0, end).toString()
      const key = keys.get(arn)
      if (!key) return { __type: 'InvalidCiphertextException', message: '' }
      if (asked.KeyId && asked.KeyId !== arn)
        return {
          __type: 'IncorrectKeyException',
          message:
            'The key ID in the request does not identify a CMK that can perform this operation.',
        }
      if (state.disabled.has(arn))
        return { __type: 'DisabledException', message: `${arn} is disabled.` }
      const body = blob.subarray(end + 1)
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12)).setAAD(aad)
      decipher.setAuthTag(body.subarray(-16))
      try {
        const plain = Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()])
        return {
          KeyId: arn,
          Plaintext: plain.toString('base64'),
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        }
      } catch {
        return { __type: 'InvalidCiphertextException', message: '' }
      }
    }
    return { __type: 'UnknownOperationException', message: '' }
  }

  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const found = isSigned(request, text)
      ? answer(String(request.headers['x-amz-target']), JSON.parse(text))
      : {
          __type: 'InvalidSignatureException',
          message: 'The request signature we calculated does not match the signature you provided.',
        }
    response.writeHead('__type' in found ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.1',
    })
    response.end(JSON.stringify(found))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    state,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** AWS Signature Version 4: the canonical request, the string to sign, the derived key. */
function isSigned({ method, url, headers }: IncomingMessage, body: string): boolean {
  const [, access, scope, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (access !== ACCESS_KEY || !scope || !signed) return false
  const canonical = [
    method,
    url,
    '',
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    sha256(body),
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${SECRET_KEY}`)
  return hmac(key, toSign).toString('hex') === signature
}
