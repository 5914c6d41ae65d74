import type { ReadTx } from '#platform/db.ts'
import type { SubjectKind } from '#security/vault/catalogue.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openJointNames } from './joint-names.ts'

export type SubjectRef = { kind: SubjectKind; id: string }
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
  const idsOf = (kind: SubjectKind) => [
    ...new Set(subjects.filter((one) => one.kind === kind).map(({ id }) => id)),
  ]
  const open = async (kind: 'person' | 'company', ids: readonly string[]) => {
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
  const openPeople = async (ids: readonly string[]) =>
    new Map(await open('person', [...new Set(ids)]))
  const [people, companies, joint] = await Promise.all([
    open('person', idsOf('person')),
    open('company', idsOf('company')),
    openJointNames(vault, tx, idsOf('joint_dossier'), shownIn, openPeople),
  ])
  return new Map([...people, ...companies, ...joint])
}
