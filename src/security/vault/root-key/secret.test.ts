import { chmodSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CREDENTIAL, secretFrom } from './secret.ts'

const folder = mkdtempSync(join(tmpdir(), 'kluis-root-key-secret-'))
afterAll(() => rmSync(folder, { recursive: true }))
const nowhere = { descriptor: undefined, file: undefined, credentials: undefined }

test('a secret comes from a descriptor, then a file, then what systemd laid down, without its line end', async () => {
  const path = join(folder, 'secret')
  writeFileSync(path, 'uit een bestand \n', { mode: 0o600 })
  writeFileSync(join(folder, CREDENTIAL), 'van systemd\r\n', { mode: 0o600 })
  const given = { file: path, credentials: folder }
  const descriptor = openSync(path, 'r')
  const fromDescriptor = secretFrom({ ...given, descriptor })
  expect(await fromDescriptor('PIN')).toBe('uit een bestand ')
  // It is at its end, and remembered.
  expect(await fromDescriptor('PIN')).toBe('uit een bestand ')
  expect(await secretFrom({ ...nowhere, ...given })('PIN')).toBe('uit een bestand ')
  expect(await secretFrom({ ...nowhere, credentials: folder })('PIN')).toBe('van systemd')
})

test('a token that was renewed in its file is seen; a file that everybody reads is refused', async () => {
  const path = join(folder, 'token')
  writeFileSync(path, 'first', { mode: 0o640 })
  const secret = secretFrom({ ...nowhere, file: path })
  expect(await secret('token')).toBe('first')
  writeFileSync(path, 'renewed')
  expect(await secret('token')).toBe('renewed')
  chmodSync(path, 0o644)
  await expect(secret('token')).rejects.toThrow('chmod 600')
})

test('where nobody can type, it says what is asked and how else to give it', async () => {
  expect(process.stdin.isTTY).toBeFalsy()
  await expect(secretFrom(nowhere)('PIN of the token Kluis')).rejects.toThrow(
    /the PIN of the token Kluis is asked[\s\S]*--root-key-fd[\s\S]*LoadCredential=kluis-root-key/,
  )
})
