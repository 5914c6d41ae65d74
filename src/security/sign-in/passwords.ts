import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { dictionary } from '@zxcvbn-ts/language-common'
import { refuse } from '#platform/problem.ts'

const hash = promisify(argon2)

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane at least.
const MEMORY_KIB = 19_456
const PASSES = 2
const LENGTH_MIN = 12

// Each takes 19 MiB and a core for some 30 ms: more at once would starve everybody else.
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

async function argon2id(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await hash('argon2id', {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: salt,
      memory: MEMORY_KIB,
      passes: PASSES,
      parallelism: 1,
      tagLength: 32,
    })
  } finally {
    running--
    waiting.shift()?.()
  }
}

export type PasswordHash = {
  algorithm: 'argon2id'
  memoryKib: number
  passes: number
  salt: string
  hash: string
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16)
  return {
    algorithm: 'argon2id',
    memoryKib: MEMORY_KIB,
    passes: PASSES,
    salt: salt.toString('base64'),
    hash: (await argon2id(password, salt)).toString('base64'),
  }
}

const decoy: PasswordHash = {
  algorithm: 'argon2id',
  memoryKib: MEMORY_KIB,
  passes: PASSES,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(32).toString('base64'),
}

/** Takes as long without a stored hash as with one, so that time tells nothing about who has an account. */
export async function isPasswordRight(
  password: string,
  stored: PasswordHash | undefined,
): Promise<boolean> {
  const known = stored ?? decoy
  const made = await argon2id(password, Buffer.from(known.salt, 'base64'))
  return timingSafeEqual(made, Buffer.from(known.hash, 'base64')) && stored !== undefined
}

const common = new Set(dictionary['passwords-common'])

/** Length over rules: no demands on kinds of characters (NIST SP 800-63B, 3.1.1.2). */
export function requireStrongPassword(password: string, email: string): void {
  const lower = password.toLowerCase()
  if (password.length < LENGTH_MIN) refuse('weak-password', { why: 'short', lengthMin: LENGTH_MIN })
  if (common.has(lower) || new Set(lower).size < 5) refuse('weak-password', { why: 'common' })
  if (lower.includes(email.split('@')[0]!.toLowerCase()))
    refuse('weak-password', { why: 'holds-name' })
}
