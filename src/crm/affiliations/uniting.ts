import type { ReadTx, Tx } from '#platform/db.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { overlap } from '../periods.ts'
import { target } from './affiliations.ts'
import { AffiliationContent } from './contract.ts'
import * as store from './store.ts'

const TITLE_MAX = 200

/** One affiliation that took in another: what it was, and became. Merges of an earlier release noted its title alone. */
export type United = {
  id: string
  before: AffiliationContent | string
  after: AffiliationContent | string
}
const contentOf = (given: AffiliationContent | string): AffiliationContent =>
  AffiliationContent.parse(typeof given === 'string' ? { jobTitle: given } : given)

/**
 * Before two records become one: whoever is tied to the same company, or person, through both at one time keeps one
 * tie, with both titles; ties of other times move along. `left` are the ties that stay where they are.
 */
export async function uniteAffiliations(
  vault: Vault,
  tx: Tx,
  side: store.Side,
  keptId: string,
  otherId: string,
): Promise<{ left: string[]; united: United[] }> {
  const twins = await store.listTwins(tx, side, keptId, otherId)
  if (twins.length === 0) return { left: [], united: [] }
  const contents = await openContents(vault, tx, [
    ...twins.map((one) => one.id),
    ...twins.map((one) => one.twin_id),
  ])
  const of = (id: string) => contents.get(id) ?? AffiliationContent.parse({})
  const united = new Map<
    string,
    { id: string; before: AffiliationContent; after: AffiliationContent }
  >()
  const left: string[] = []
  const highest = new Map<string, number>()
  for (const { across_id, stint, twin_stint } of twins)
    highest.set(across_id, Math.max(stint, twin_stint, highest.get(across_id) ?? 0))
  for (const [twinId, pairs] of Map.groupBy(twins, (one) => one.twin_id)) {
    const twin = of(twinId)
    const kept = pairs.find(({ id }) => overlap(united.get(id)?.after ?? of(id), twin))
    if (kept) {
      const before = of(kept.id)
      const after = unite(united.get(kept.id)?.after ?? before, twin)
      united.set(kept.id, { id: kept.id, before, after })
      left.push(twinId)
      continue
    }
    // Of another time: it moves along, beside those that are there.
    const { across_id } = pairs[0]!
    const stint = highest.get(across_id)! + 1
    highest.set(across_id, stint)
    await store.renumber(tx, twinId, stint)
  }
  await write(
    vault,
    tx,
    [...united.values()]
      .filter(({ before, after }) => !isSame(before, after))
      .map(({ id, after }) => [id, after]),
  )
  return { left, united: [...united.values()] }
}

/** Loses nothing: both titles, the longer time, and what only one of them says. */
function unite(kept: AffiliationContent, other: AffiliationContent): AffiliationContent {
  const [before, more] = [kept.jobTitle, other.jobTitle]
  const isSaid = more === '' || before.toLowerCase().includes(more.toLowerCase())
  const jobTitle = isSaid ? before : [before, more].filter(Boolean).join(' / ')
  const isOpen = kept.until === '' || other.until === ''
  return {
    jobTitle: jobTitle.slice(0, TITLE_MAX),
    department: kept.department || other.department,
    since: [kept.since, other.since].filter(Boolean).sort()[0] ?? '',
    until: isOpen ? '' : [kept.until, other.until].sort()[1]!,
    isMainContact: kept.isMainContact || other.isMainContact,
    isSelf: kept.isSelf || other.isSelf,
  }
}

const isSame = (a: AffiliationContent, b: AffiliationContent) =>
  JSON.stringify(AffiliationContent.parse(a)) === JSON.stringify(AffiliationContent.parse(b))

/** What they were, where nobody has written another since. */
export async function partAffiliations(vault: Vault, tx: Tx, united: United[]): Promise<void> {
  const contents = await openContents(
    vault,
    tx,
    united.map(({ id }) => id),
  )
  await write(
    vault,
    tx,
    united.flatMap(({ id, before, after }): [string, AffiliationContent][] => {
      const [was, became, is] = [contentOf(before), contentOf(after), contents.get(id)]
      return is && !isSame(was, became) && isSame(is, became) ? [[id, was]] : []
    }),
  )
}

async function openContents(
  vault: Vault,
  tx: ReadTx,
  ids: string[],
): Promise<Map<string, AffiliationContent>> {
  const opened = await vault.open<Partial<AffiliationContent>>(tx, {
    table: 'affiliation',
    sealedClass: 'content',
    ids,
    purpose: 'edit',
    record: 'none',
  })
  return new Map(
    [...opened].map(([id, outcome]) => [id, AffiliationContent.parse(openedOrRefuse(outcome))]),
  )
}

async function write(vault: Vault, tx: Tx, values: [string, AffiliationContent][]): Promise<void> {
  for (const [id, value] of values) {
    const row = await store.findAffiliation(tx, id)
    if (!row) continue
    const sealCounter = row.content_seal_counter + 1
    const [sealed] = await vault.seal([{ target: target(row, sealCounter), value }])
    await store.changeAffiliation(tx, id, row.row_version, {
      content_sealed: sealed!,
      content_seal_counter: sealCounter,
    })
  }
}
