type Lookup = { kind: string; token: Buffer }

/** Whether a change leaves everything a record is found by as it was: most changes do, and then nothing is rewritten. */
export function areSameLookups(before: readonly Lookup[], after: readonly Lookup[]): boolean {
  const written = (lookups: readonly Lookup[]) =>
    [...new Set(lookups.map(({ kind, token }) => `${kind} ${token.toString('hex')}`))].sort().join()
  return written(before) === written(after)
}
