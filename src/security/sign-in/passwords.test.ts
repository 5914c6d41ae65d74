import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { Problem } from '#platform/problem.ts'
import * as shape from './contract.ts'
import { hashPassword, isPasswordRight, requireStrongPassword } from './passwords.ts'

function whyWeak(password: string, email = 'an.peeters@bureau.example'): unknown {
  try {
    requireStrongPassword(password, email)
    return 'strong'
  } catch (error) {
    return (error as Problem).detail?.why
  }
}

test('length is what counts: no kinds of characters are demanded', () => {
  expect(whyWeak('elf letters')).toBe('short')
  expect(whyWeak('twaalf letters zijn genoeg')).toBe('strong')
  expect(whyWeak('алиса в стране чудес')).toBe('strong')
})

test('a common password stays common with digits and marks around it', () => {
  expect(whyWeak('qwertyuiop123')).toBe('common')
  expect(whyWeak('123456!Password!2026')).toBe('common')
  expect(whyWeak('aaaabbbbaaaabbbb')).toBe('common')
})

test('the name before the @ does not belong in the password, unless it is a syllable', () => {
  expect(whyWeak('mijn an.peeters geheim')).toBe('holds-name')
  expect(whyWeak('paard batterij nietje', 'ij@bureau.example')).toBe('strong')
})

test('a password of 256 characters is taken, and each of them counts', async () => {
  const long = Array.from({ length: 256 }, (_, at) => 'abcdefgh ijklmnop'[at % 17]).join('')
  expect(whyWeak(long)).toBe('strong')
  expect(shape.PasswordEdit.safeParse({ password: long }).success).toBe(true)
  const stored = await hashPassword(long)
  expect(await isPasswordRight(long, stored)).toBe(true)
  expect(await isPasswordRight(`${long.slice(0, -1)}!`, stored)).toBe(false)
})

test('the stored form is a PHC string with the parameters of today, and each has its own salt', async () => {
  const [first, second] = await Promise.all([hashPassword('hetzelfde'), hashPassword('hetzelfde')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(first).not.toBe(second)
  expect(await isPasswordRight('hetzelfde', first)).toBe(true)
  expect(await isPasswordRight('hetzelfde ', first)).toBe(false)
})

test('two spellings of one letter are one password', async () => {
  expect(
    await isPasswordRight('cafe\u0301 met melk', await hashPassword('caf\u00e9 met melk')),
  ).toBe(true)
})

test('a hash made with other parameters still opens', async () => {
  // argon2id, 64 KiB, 1 pass, 1 lane, salt "somesaltsomesalt", password "oud wachtwoord".
  const { argon2Sync } = await import('node:crypto')
  const salt = Buffer.from('somesaltsomesalt')
  const made = argon2Sync('argon2id', {
    message: Buffer.from('oud wachtwoord'),
    nonce: salt,
    memory: 64,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  const stored = `$argon2id$v=19$m=64,t=1,p=1$${plain(salt)}$${plain(made)}`
  expect(await isPasswordRight('oud wachtwoord', stored)).toBe(true)
  expect(await isPasswordRight('nieuw wachtwoord', stored)).toBe(false)
})

test('nobody is right about a password that is not there, and finding out takes as long', async () => {
  const stored = await hashPassword('paard batterij nietje')
  // The quickest of several, taken in turns: a busy machine only ever adds. Where the hashing is left out for one
  // of the two, no number of tries brings them together.
  const quickest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
  const isAlike = () =>
    quickest.unknown > quickest.known / 2 && quickest.unknown < quickest.known * 2
  for (let i = 0; i < 60 && (i < 5 || !isAlike()); i++) {
    for (const who of ['known', 'unknown'] as const) {
      const begun = performance.now()
      expect(await isPasswordRight('verkeerd', who === 'known' ? stored : undefined)).toBe(false)
      quickest[who] = Math.min(quickest[who], performance.now() - begun)
    }
  }
  const { known, unknown } = quickest
  expect(unknown).toBeGreaterThan(known / 2)
  expect(unknown).toBeLessThan(known * 2)
})

test('a flood is refused at once instead of filling memory', async () => {
  const asked = Array.from({ length: 100 }, () =>
    hashPassword('x').then(
      () => 'made',
      (error: unknown) => (error instanceof Problem ? error.code : 'broken'),
    ),
  )
  const answers = await Promise.all(asked)
  const made = 60 + (availableParallelism() < 4 ? 1 : 2)
  expect(answers.filter((answer) => answer === 'made')).toHaveLength(made)
  expect(answers.filter((answer) => answer === 'too-many-attempts')).toHaveLength(100 - made)
})
