/** At which companies the people of a batch are: those who come, and those who are there and whose row names a company. */
import type { AffiliationContent } from '#crm/affiliations/contract.ts'
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { CompanyMemory, Place } from '../decide.ts'
import type { Draft, Work } from '../draft.ts'
import { companyWord } from '../duplicates.ts'
import { type Sealer, under } from '../sealer.ts'
import * as store from './store.ts'

/** What another release kept is there too; a row changes what it says and no more. */
export type TieContent = Partial<AffiliationContent>
/** What an import did to the ties of one person, to be taken back. */
export type PastTies = {
  added: { id: string; after: TieContent | null }[]
  changed: { id: string; before: TieContent | null; after: TieContent }[]
}
/** A tie that is there, with the company it leads to. */
export type KnownTie = store.TieRow & { content: TieContent | null; company: CompanyContact }

/** The ties of people who are there, by person. */
export async function findTies(
  vault: Vault,
  tx: ReadTx,
  personIds: string[],
): Promise<Map<string, KnownTie[]>> {
  const rows = personIds.length > 0 ? await store.listTies(tx, [...new Set(personIds)]) : []
  if (rows.length === 0) return new Map()
  const ask = { purpose: 'import', sealedClass: 'content', isUnseen: true } as const
  const [contents, companies] = await Promise.all([
    vault.open<TieContent>(tx, {
      ...ask,
      table: 'affiliation',
      ids: rows.map((row) => row.id),
      record: 'none',
    }),
    vault.open<CompanyContact>(tx, {
      ...ask,
      table: 'company',
      sealedClass: 'contact',
      ids: [...new Set(rows.map((row) => row.company_id))],
      record: 'list',
    }),
  ])
  const ties = rows.flatMap((row): KnownTie[] => {
    const company = companies.get(row.company_id)
    const content = contents.get(row.id)
    // One that does not open can not be compared, so no row names it.
    if (company?.kind !== 'open') return []
    return [{ ...row, company: company.value, content: content ? openedOrRefuse(content) : null }]
  })
  return Map.groupBy(ties, (tie) => tie.person_id)
}

/** The company a row names, of those its person is at already: by number, or by name where no number speaks against it. */
export function tieNamed(ties: KnownTie[], { company, companyReference }: Draft) {
  const { name = '', enterpriseNumber: number = '' } = company?.contact ?? {}
  return ties.find(({ company: at }) => {
    if (number && at.enterpriseNumber) return number === at.enterpriseNumber
    if (companyReference && at.reference) return companyReference === at.reference
    return name !== '' && companyWord(name) === companyWord(at.name)
  })
}

export function rememberTied(companies: CompanyMemory, { company, ...tie }: KnownTie): Place {
  const place: Place = {
    kind: 'company',
    id: tie.company_id,
    keySlot: tie.company_slot,
    isNew: false,
  }
  companies.remember(company, place)
  return place
}

export type NewTie = { id: string; person: Place; company: Place; work: Work }
export type TieChange = { person: Place; tie: KnownTie; after: TieContent }

const saysAnything = (work: Work): boolean => Object.values(work).some(Boolean)

/** What a row says of a tie that is there. A row that repeats one of the same file only adds. */
export function workAfter(
  was: TieContent,
  work: Work,
  mayReplace: boolean,
): TieContent | undefined {
  const said = Object.entries(work).filter(([name, value]) => {
    const before = was[name as keyof Work] ?? ''
    return value !== '' && value !== before && (before === '' || mayReplace)
  })
  const after: TieContent = { ...was, ...Object.fromEntries(said) }
  // A time that ends before it begins is worse than the one that stood there.
  if (after.since && after.until && after.since > after.until) {
    after.since = was.since ?? ''
    after.until = was.until ?? ''
  }
  const isOther = Object.keys(work).some(
    (name) => (after[name as keyof Work] ?? '') !== (was[name as keyof Work] ?? ''),
  )
  return isOther ? after : undefined
}

/** Ties of one batch, sealed with it. */
export class BatchTies {
  readonly #added: (NewTie & { content: (() => Sealed) | undefined })[]
  readonly #changed: (TieChange & { content: () => Sealed })[]

  constructor(sealer: Sealer, added: NewTie[], changed: TieChange[]) {
    this.#added = added.map((tie) => ({
      ...tie,
      content: saysAnything(tie.work)
        ? sealer.add(under('affiliation', tie.id, tie.person), tie.work)
        : undefined,
    }))
    this.#changed = changed.map((change) => ({
      ...change,
      content: sealer.add(
        {
          ...under('affiliation', change.tie.id, change.person),
          sealCounter: change.tie.content_seal_counter + 1,
        },
        change.after,
      ),
    }))
  }

  /** Of people who come with the batch, or of those who are there and were changed by it. */
  async write(tx: Tx, isWanted: (person: Place) => boolean): Promise<void> {
    await Promise.all([
      store.insertAffiliations(
        tx,
        this.#added
          .filter(({ person }) => isWanted(person))
          .map(({ id, person, company, content }) => ({
            id,
            personId: person.id,
            companyId: company.id,
            content: content?.() ?? null,
          })),
      ),
      store.updateTies(
        tx,
        this.#changed
          .filter(({ person }) => isWanted(person))
          .map(({ tie, content }) => ({ ...tie, content: content() })),
      ),
    ])
  }

  /** Undefined when nothing was done to this person's ties. */
  pastOf(personId: string): PastTies | undefined {
    const past: PastTies = {
      added: this.#added
        .filter(({ person }) => person.id === personId)
        .map(({ id, work }) => ({ id, after: saysAnything(work) ? work : null })),
      changed: this.#changed
        .filter(({ person }) => person.id === personId)
        .map(({ tie, after }) => ({ id: tie.id, before: tie.content, after })),
    }
    return past.added.length + past.changed.length > 0 ? past : undefined
  }
}
