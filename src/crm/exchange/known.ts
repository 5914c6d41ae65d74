import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import { columnOf } from './batch.ts'
import type { CompanyMemory, Known } from './decide.ts'
import type { Draft } from './draft.ts'
import {
  companyIdentity,
  companyKeys,
  type Key,
  keysOf,
  keyText,
  personIdentity,
  type RecordKind,
} from './duplicates.ts'
import * as store from './store.ts'

type Looking = {
  vault: Vault
  tx: ReadTx
  companies: CompanyMemory
  /** Numbers and references of companies asked of the database already. */
  asked: Set<string>
}

/** Records the caller sees that share a value with one of these rows, by that value. */
export async function findKnown(
  { vault, tx, companies, asked }: Looking,
  drafts: Draft[],
): Promise<Map<string, Known[]>> {
  const keys = drafts.filter((draft) => !draft.refusedWhy).flatMap(keysOf)
  const known = new Map<string, Known[]>()
  for (const kind of ['person', 'company'] as const) {
    const own = keys.filter((key) => key.kind === kind)
    if (kind === 'company') own.push(...companiesBeside(drafts, asked))
    const matches = await findMatches(vault, tx, kind, own)
    if (matches.length === 0) continue
    const opened = await vault.open<Contact | CompanyContact>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids: [...new Set(matches.map((match) => match.id))],
      purpose: 'duplicates',
      record: 'list',
      isUnseen: true,
    })
    const places = await store.listPlaces(tx, kind, [...opened.keys()])
    const slotOf = new Map(places.map((place) => [place.id, place.key_slot]))
    for (const { id, key } of matches) {
      const outcome = opened.get(id)
      // A record that does not open can not be told apart, so it is nobody's duplicate.
      if (outcome?.kind !== 'open') continue
      const contact = outcome.value
      if (kind === 'company')
        companies.remember(contact as CompanyContact, {
          kind,
          id,
          keySlot: slotOf.get(id)!,
          isNew: false,
        })
      const identity =
        kind === 'person'
          ? personIdentity(contact as Contact)
          : companyIdentity(contact as CompanyContact)
      const text = keyText(key)
      known.set(text, [...(known.get(text) ?? []), { kind, id, identity }])
    }
  }
  return known
}

type Match = { id: string; key: Key }

async function findMatches(
  vault: Vault,
  tx: ReadTx,
  kind: RecordKind,
  keys: Key[],
): Promise<Match[]> {
  const byToken = new Map<string, Key>()
  const byId = new Map<string, Key>()
  const exact: Key[] = []
  for (const key of keys)
    if (key.column === 'id') byId.set(key.value, key)
    else exact.push(key)
  const made = await vault.searchTokens(
    exact.map((key) => ({ column: columnOf(key), value: key.value })),
  )
  for (const [at, key] of exact.entries())
    for (const token of made[at]!) byToken.set(`${key.column} ${token.toString('base64')}`, key)
  const tokens = [...byToken.keys()].map((text) => Buffer.from(text.split(' ')[1]!, 'base64'))
  const [matches, own] = await Promise.all([
    store.listMatches(tx, kind, tokens),
    byId.size > 0 ? store.listThere(tx, kind, [...byId.keys()]) : [],
  ])
  return [
    ...matches.flatMap(({ id, column, token }) => {
      const key = byToken.get(`${column} ${token.toString('base64')}`)
      return key ? { id, key } : []
    }),
    ...own.map(({ id }) => ({ id, key: byId.get(id)! })),
  ]
}

/** Of companies beside people only a number, theirs or another program's, tells whether they are there; asked once each. */
function companiesBeside(drafts: Draft[], asked: Set<string>): Key[] {
  return drafts.flatMap((draft) => {
    if (!draft.person) return []
    const number = draft.company?.contact.enterpriseNumber ?? ''
    const reference = draft.companyReference
    const fresh = [number && `n ${number}`, reference && `r ${reference}`].filter(
      (one) => one && !asked.has(one),
    )
    for (const one of fresh) asked.add(one)
    return companyKeys(
      {
        emails: [],
        phones: [],
        reference: fresh.includes(`r ${reference}`) ? reference : '',
        enterpriseNumber: fresh.includes(`n ${number}`) ? number : '',
      },
      [],
    )
  })
}
