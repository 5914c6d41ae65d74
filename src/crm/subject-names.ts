import type { ReadTx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'

export type SubjectRef = { kind: 'person' | 'company'; id: string }
/** As much of a person's or company's sealed contact as its name is made of. */
type NamedContact = { givenName?: string; familyName?: string; company?: string; name?: string }

export function nameOf({ givenName, familyName, company, name }: NamedContact): string {
  return name || [givenName, familyName].filter(Boolean).join(' ') || company || ''
}

/** Names of those the caller may see; the opening is recorded as a list, or as the export they stand in. A record that does not open has null. */
export async function openNames(
  vault: Vault,
  tx: ReadTx,
  subjects: readonly SubjectRef[],
  shownIn: 'list' | 'export' = 'list',
): Promise<Map<string, string | null>> {
  const open = async (kind: SubjectRef['kind']) => {
    const ids = [...new Set(subjects.filter((one) => one.kind === kind).map(({ id }) => id))]
    if (ids.length === 0) return []
    const opened = await vault.open<NamedContact>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids,
      purpose: shownIn,
      record: shownIn,
    })
    return [...opened].map(
      ([id, outcome]) => [id, outcome.kind === 'open' ? nameOf(outcome.value) : null] as const,
    )
  }
  const [people, companies] = await Promise.all([open('person'), open('company')])
  return new Map([...people, ...companies])
}
