export type Lookup<K extends string = string> = { kind: K; token: Buffer }

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
