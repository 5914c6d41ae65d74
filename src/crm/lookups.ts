import type { RecordColumn } from '#security/vault/blind-index.ts'
import type { Vault } from '#security/vault/vault.ts'

export type Lookup<K extends string = string> = { kind: K; token: Buffer }

/** All of a record's asked at once. */
export async function lookupsFrom<K extends RecordColumn>(
  vault: Vault,
  values: readonly { kind: K; value: string }[],
): Promise<Lookup<K>[]> {
  const tokens = await vault.blindTokens(values.map(({ kind, value }) => ({ column: kind, value })))
  return values.map(({ kind }, at) => ({ kind, token: tokens[at]! }))
}

/** The same to look for: a row may have been written under another key, while one takes the place of another. */
export async function searchedFrom<K extends RecordColumn>(
  vault: Vault,
  values: readonly { kind: K; value: string }[],
): Promise<Lookup<K>[]> {
  const all = await vault.searchTokens(values.map(({ kind, value }) => ({ column: kind, value })))
  return values.flatMap(({ kind }, at) => all[at]!.map((token) => ({ kind, token })))
}

/** What a change takes from the values a record is found by, and what it adds: most changes neither. */
export function compareLookups<L extends Lookup>(
  before: readonly L[],
  after: readonly L[],
): { gone: L[]; added: L[] } {
  const named = (lookups: readonly L[]) =>
    new Map(lookups.map((one) => [`${one.kind} ${one.token.toString('hex')}`, one]))
  const [old, fresh] = [named(before), named(after)]
  return {
    gone: [...old].flatMap(([name, one]) => (fresh.has(name) ? [] : [one])),
    added: [...fresh].flatMap(([name, one]) => (old.has(name) ? [] : [one])),
  }
}
