import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { dictionary } from '@zxcvbn-ts/language-common'
import { refuse } from '#platform/problem.ts'

const hash = promisify(argon2)

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane at least.
const MEMORY_KIB = 19_456
const PASSES = 2
const LENGTH_MIN = 12
// A name of three letters is part of too many good passphrases.
const NAME_LENGTH_MIN = 4

// Each takes 19 MiB and a core for some 30 ms: most cores, and most threads of Node's own pool, stay for everybody else.
const AT_ONCE = availableParallelism() < 4 ? 1 : 2
// Some seconds of waiting. Whoever comes later hears so at once, and memory stays bounded in a flood.
const QUEUE_MAX = 60
let running = 0
const waiting: (() => void)[] = []

/** Waits for its turn. A slot that comes free is handed over, so nobody slips in between. */
async function inTurn<T>(ask: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running++
  else if (waiting.length >= QUEUE_MAX) refuse('too-many-attempts', { retryAfterSeconds: 5 })
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await ask()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

type Parsed = { memoryKib: number; passes: number; lanes: number; salt: Buffer; hash: Buffer }

function argon2id(password: string, { memoryKib, passes, lanes, salt }: Omit<Parsed, 'hash'>) {
  return inTurn(() =>
    hash('argon2id', {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: salt,
      memory: memoryKib,
      passes,
      parallelism: lanes,
      tagLength: 32,
    }),
  )
}

const plainBase64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** A PHC string, so that the parameters can rise later while old hashes still open. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const made = await argon2id(password, { memoryKib: MEMORY_KIB, passes: PASSES, lanes: 1, salt })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${plainBase64(salt)}$${plainBase64(made)}`
}

function parse(phc: string): Parsed {
  const found =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!found) throw new Error('a stored password hash is not a PHC string of argon2id')
  const [, memory, passes, lanes, salt, made] = found
  return {
    memoryKib: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt!, 'base64'),
    hash: Buffer.from(made!, 'base64'),
  }
}

const decoy: Parsed = {
  memoryKib: MEMORY_KIB,
  passes: PASSES,
  lanes: 1,
  salt: randomBytes(16),
  hash: randomBytes(32),
}

/** Takes as long without a stored hash as with one, so that time tells nothing about who has an account. */
export async function isPasswordRight(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  const known = stored === undefined ? decoy : parse(stored)
  const made = await argon2id(password, known)
  return timingSafeEqual(made, known.hash) && stored !== undefined
}

const common = new Set(dictionary['passwords-common'])

/** A common word with digits or marks around it is as easily guessed as the word. */
function isCommon(password: string): boolean {
  const lower = password.toLowerCase()
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return common.has(lower) || common.has(bare) || new Set(lower).size < 5
}

/** Length over rules: no demands on kinds of characters (NIST SP 800-63B, 3.1.1.2). */
export function requireStrongPassword(password: string, email: string): void {
  const name = email.split('@')[0]!.toLowerCase()
  if ([...password].length < LENGTH_MIN)
    refuse('weak-password', { why: 'short', lengthMin: LENGTH_MIN })
  if (isCommon(password)) refuse('weak-password', { why: 'common' })
  if (name.length >= NAME_LENGTH_MIN && password.toLowerCase().includes(name))
    refuse('weak-password', { why: 'holds-name' })
}
