import { createHash, randomInt } from 'node:crypto'
import type { KeeperVault } from '#security/vault/vault.ts'

const LETTERS = '23456789abcdefghjkmnpqrstvwxyz'
const COUNT = 10

/** 10 letters (49 bits): enough against guessing behind the rate limit, short enough to type. */
export function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, newRecoveryCode)
}

/**
 * Bound to the person, or to the link it belongs to, so that equal codes of two people do not look alike; and made with a key, or a machine
 * that tries all of 49 bits would find the codes behind a stolen table, and its holder could plant one.
 */
export function recoveryCodeHash(vault: KeeperVault, ownerId: string, code: string): Buffer {
  const letters = code.toLowerCase().replace(/[^a-z0-9]/g, '')
  return createHash('sha256')
    .update(vault.blindToken('recovery-code', `${ownerId} ${letters}`))
    .digest()
}
