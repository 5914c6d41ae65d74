import { createCipheriv, createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { classCodes, tableNumbers } from './catalogue.ts'
import { openRecord, type SealTarget } from './sealed-record.ts'

const secret = randomBytes(32)
const organisationId = randomUUID()
const target: SealTarget = {
  table: 'note',
  sealedClass: 'content',
  rowId: randomUUID(),
  subjectId: randomUUID(),
  keySlot: 70,
  sealCounter: 2,
}

/** Sealed as docs/formats/sealed-record.md says of version 2, apart from the code that does; only the commitment is as given. */
function sealed(commitmentOf: (own: Buffer) => Buffer): Buffer {
  const number = (value: number | bigint, bytes: number) =>
    Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex')
  const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex')
  const nonce = randomBytes(24)
  const label = Buffer.from('\0\0\0\x01kluis sealed record 2\0')
  const derived = createHmac('sha512', secret)
    .update(Buffer.concat([label, nonce, number(512, 4)]))
    .digest()
  const head = Buffer.concat([Buffer.from('KS'), number(2, 1), number(classCodes.content, 1)])
  const commitment = commitmentOf(derived.subarray(32))
  const header = Buffer.concat([head, number(target.keySlot, 8), nonce, commitment])
  const place = [number(tableNumbers.note, 4), number(classCodes.content, 1), uuid(target.rowId)]
  const bound = [uuid(organisationId), uuid(target.subjectId), ...place]
  const plain = Buffer.alloc(64)
  plain.writeUInt32BE(8, 0)
  plain.write('"bewijs"', 4)
  const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), Buffer.alloc(12))
  cipher.setAAD(Buffer.concat([header, ...bound, number(target.sealCounter, 8)]))
  return Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}
const open = (bytes: Buffer) => openRecord(createSecretKey(secret), organisationId, target, bytes)

test('a record of version 2 whose commitment is to another key does not open, though its own key authenticates all of it', () => {
  expect(open(sealed((own) => own))).toEqual({ kind: 'open', value: 'bewijs' })
  expect(open(sealed(() => randomBytes(32)))).toEqual({ kind: 'closed', why: 'damaged' })
})
