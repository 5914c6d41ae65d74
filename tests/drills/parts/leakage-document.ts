/** The text of docs/assurance/leakage.md: nothing in it that was measured is written by hand. */
import type { Column, Table } from '#security/leakage/contract.ts'
import type { Guessed } from '../leakage.ts'
import type { PrefixLeak } from './name-prefix-leak.ts'

export type Measured = {
  people: number
  bytesRead: number
  plain: { what: string; sought: number; found: number }[]
  indexed: Guessed[]
  shared: number
  refused: (Guessed & { rightWithOwn: number })[]
  slots: { withFile: number; withTime: number }
  accounts: { guessed: number }
  lengths: {
    different: number
    bits: number
    rarest: number
    told: { what: string; byLength: number; byChance: number }[]
  }
  notes: { rows: number; different: number }
  employers: { companies: number; links: number; onlyOneOfItsSize: number }
  traces: { openings: number; changes: number }
  prefixes: PrefixLeak
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const rate = ({ right, records }: Guessed) => (right < 0 ? 'not judged' : percent(right / records))
const chance = ({ byChance, records }: Guessed) =>
  byChance < 0 ? 'not judged' : percent(byChance / records)
const guesses = (list: readonly Guessed[]) =>
  list
    .map(
      (one) =>
        `| ${one.what} | ${one.records} | ${one.different} | ${one.most} | ${rate(one)} | ${chance(one)} |`,
    )
    .join('\n')

/** One line a table: first what can be read as it stands. */
export function columnLine({ name, columns }: Table): string {
  const of = (kinds: Column['kind'][]) =>
    columns.filter(({ kind }) => kinds.includes(kind)).map((column) => column.name)
  const parts = (
    [
      ['readable', of(['readable', 'words'])],
      ['token', of(['token'])],
      ['hash or public key', of(['hash', 'key'])],
      ['sealed', of(['sealed'])],
      ['ids', of(['id'])],
      ['moments, numbers, yes or no', of(['moment', 'number', 'yes-no'])],
    ] as const
  ).filter(([, names]) => names.length > 0)
  return `- **${name}** — ${parts.map(([what, names]) => `${what}: ${names.join(', ')}`).join('; ')}`
}

export function leakageDocument(measured: Measured, tables: Table[]): string {
  const { people, plain, lengths, notes, employers, slots, accounts, traces, prefixes } = measured
  const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date())
  return `# What a thief of the database gets

Written by \`npm run drill -- leakage\`, figures and lists alike; \`tests/leakage.test.ts\` holds the lists to the live database, and the settings
show the same for one's own. The drill fills a demo, then reads everything PostgreSQL keeps of it without a key: each table as rows, its
files, its write-ahead log and its log. The thief also knows public statistics: how often each value of a column comes, from the demo's own
lists of names, as a real thief has those of a country. What they find is
compared with the truth.

Measured ${today}: ${people} people, ${(measured.bytesRead / 1e6).toFixed(0)} MB read.

## What stands readable

| sought | different values | found |
|---|---|---|
${plain.map(({ what, sought, found }) => `| ${what} | ${sought} | ${found} |`).join('\n')}

Names shorter than seven letters are left out, and those that PostgreSQL's own list of languages and countries has.

## What frequency tells

The commonest token is taken for the commonest value, the next for the next; ties by chance. For columns that have a blind index the thief is
given the exact frequencies of the values themselves, more than anybody has outside.

| blind index | values | different | most often | recovered | by guessing the commonest |
|---|---|---|---|---|---|
${guesses(measured.indexed)}

Tokens that stand at more than one person: ${measured.shared}. Those share an e-mail, phone, account or customer number, and the thief sees which do, not
what it is. Where each value comes once there is nothing to rank, and what is recovered is luck.

The same attack on what the registry refuses, **as if** it had a blind index: with frequencies from another draw of the same lists of names, and
with the exact ones. The demo draws its names nearly evenly; names of real people are far from even, so the difference there is larger.

| refused | values | different | most often | with public statistics | with the exact frequencies | by guessing the commonest |
|---|---|---|---|---|---|---|
${measured.refused
  .map(
    (one) =>
      `| ${one.what} | ${one.records} | ${one.different} | ${one.most} | ${rate(one)} | ${percent(one.rightWithOwn / one.records)} | ${chance(one)} |`,
  )
  .join('\n')}

## Where the beginnings of names are kept

Off by default, and nothing of it is there then; an organisation may [choose it](../decisions/2026-11-26-searching-at-size.md). Then each word of a name gives a token
for its first ${prefixes.lengths[1]!.letters.join(', ')} letters, under a key of the team. The thief sees by which records a token stands in which others it is the beginning of, so that a
name is a chain of tokens, and holds each chain against what known names would give, team by team. A name is read where its main word is guessed.

| people | the thief knows | last names read | first names read |
|---|---|---|---|
| the demo, ${prefixes.people} | public statistics, from another draw | ${percent(prefixes.demo.public.family)} | ${percent(prefixes.demo.public.given)} |
| the demo, ${prefixes.people} | the exact frequencies | ${percent(prefixes.demo.exact.family)} | ${percent(prefixes.demo.exact.given)} |
| the demo, ${prefixes.people} | the commonest name, guessed for everybody | ${percent(prefixes.demo.commonest.family)} | ${percent(prefixes.demo.commonest.given)} |
| ${prefixes.countryPeople}, as unevenly named as in a country | public statistics | **${percent(prefixes.country.family)}** | **${percent(prefixes.country.given)}** |

The last line is computed, not filled: equal beginnings have equal tokens, so the beginnings themselves stand for them; the second name comes half as often as
the first, the third a third, in two teams. The more customers, the more of them is read. It is what this attack reads, no bound of what another would.

Which lengths there are is a choice between the two: what the thief reads of those ${prefixes.countryPeople}, and how much of what is found begins as it was
typed, among the last names of the demo, which are many and nearly even: with three letters alone half of what a whole name finds is somebody else.

| first letters | tokens a person | last names read | first names read | right, four letters typed | six | the whole name |
|---|---|---|---|---|---|---|
${prefixes.lengths
  .map(
    ({ letters, tokens, country, right }) =>
      `| ${letters.join(', ')} | ${tokens.toFixed(1)} | ${percent(country.family)} | ${percent(country.given)} | ${percent(right.four)} | ${percent(right.six)} | ${percent(right.whole)} |`,
  )
  .join('\n')}

## What can be tied together

- **Order of creation.** Key slots rise. Their order and that of the rows of the imported file: rank correlation ${slots.withFile.toFixed(2)}; with the moments of creation:
  ${slots.withTime.toFixed(2)}. The nearer to 1, the better whoever knows the file knows which row is whom.
- **Who works where.** ${employers.links} people are tied to ${employers.companies} companies by id; ${employers.onlyOneOfItsSize} of these are the only ones with that many contacts, and whoever knows
  that number from elsewhere knows which company it is.
- **What hangs on whom.** Notes, tasks, files, shares and relations name the person or company by id, with times and who made them.
- **Who looked at whom.** ${traces.openings} traces of openings and ${traces.changes} of changes name records and colleagues by id, with times.
- **Whether there is a confidential value.** An account number's column is empty or not: ${percent(accounts.guessed)} of guesses are right.

## What lengths tell

Contact data of the ${people} people have ${lengths.different} lengths: ${lengths.bits.toFixed(2)} bits a person. The rarest length has ${lengths.rarest} of them.

| best guess from the length | right | without the length |
|---|---|---|
${lengths.told.map(({ what, byLength, byChance }) => `| ${what} | ${percent(byLength)} | ${percent(byChance)} |`).join('\n')}

A rare length fits few people, so guesses within it are right more often; with few people of one length this says little of any one. ${notes.rows} notes have ${notes.different} ${notes.different === 1 ? 'length' : 'lengths'}.

## What the thief needs besides

With the **search key** any guessed e-mail, phone or account can be confirmed. With the **root key and the keystore** everything opens
(\`tests/interop/decrypt.py\` does it). With the keystore alone, without the root key, nothing. Who controls the running program
sees what it sees: [threat model](../threat-model.md).

## Every column

${tables.map(columnLine).join('\n')}
`
}

const rounded = (share: number) => Math.round(share * 1_000) / 1_000

/** What the settings show, as the program reads it. */
export function prefixLeakSource({ people, demo, countryPeople, country }: PrefixLeak): string {
  const read = (of: 'family' | 'given') =>
    `{ demo: ${rounded(demo.public[of])}, country: ${rounded(country[of])} }`
  return `// Written by \`npm run drill -- leakage\`, as docs/assurance/leakage.md is.
export const prefixLeak = {
  measured: '${new Date().toISOString().slice(0, 10)}',
  people: ${people},
  countryPeople: ${countryPeople},
  familyNames: ${read('family')},
  givenNames: ${read('given')},
}
`
}
