import { readCompanyNumber } from '#platform/company-number.ts'
import type { ReadTx } from '#platform/db.ts'
import { normaliseEmail, normalisePhone } from '#platform/normalise.ts'
import type { Who } from '#security/access/who.ts'
import type { OpenOutcome } from '#security/vault/vault.ts'
import type { RecordQuery } from '../contract.ts'
import { searchedFrom } from '../lookups.ts'
import { findPage, findPlace, openPage, scopeOf } from '../record-list.ts'
import { customOf, namesFor, namesIn } from '../record-values.ts'
import { sectorName } from '../sectors.ts'
import { LINE_COLUMNS, type LineRow } from '../store.ts'
import type { ListQuestion } from '../views/contract.ts'
import type { CompanyParts } from './companies.ts'
import { lookupsOf, searchText } from './company-fields.ts'
import { CompanyContact, type CompanyLine, type DuplicateQuestion } from './contract.ts'
import * as store from './store.ts'

/** A page of the list. The index proposes, row security decides, the vault opens what it let through. */
export async function listCompanies(
  parts: CompanyParts,
  asking: { tx: ReadTx; who: Who },
  query: RecordQuery,
) {
  const asked = query.search ? { ...query, search: searchText(query.search) } : query
  const page = await findPage(
    parts.index,
    'company',
    parts.filtering,
    asking,
    asked,
    (before, limit) => store.listNewest(asking.tx, query.deleted === 'true', before, limit),
  )
  const purpose = query.search ? 'search' : 'list'
  return openPage(page, (ids) => openLines(parts, asking.tx, ids, purpose))
}

/** The rows at a place of the list, as a filter and an order make it. */
export async function listCompaniesAt(
  parts: CompanyParts,
  asking: { tx: ReadTx; who: Who; now: Date },
  question: ListQuestion,
) {
  const page = await findPlace(
    parts.index,
    'company',
    parts.filtering,
    asking,
    question.search ? { ...question, search: searchText(question.search) } : question,
    (before, limit) => store.listNewest(asking.tx, question.deleted, before, limit),
  )
  const purpose = question.search || question.filter ? 'search' : 'list'
  return openPage(page, (ids) => openLines(parts, asking.tx, ids, purpose))
}

export async function openLines(
  parts: Pick<CompanyParts, 'vault' | 'fields'>,
  tx: ReadTx,
  ids: string[],
  purpose: 'search' | 'list' | 'edit',
): Promise<CompanyLine[]> {
  const found = await parts.vault.openRecords<LineRow, { contact: CompanyContact }>(tx, {
    table: 'company',
    classes: ['contact'],
    also: LINE_COLUMNS,
    ids,
    purpose,
    record: 'list',
  })
  const names = await namesIn(parts, tx, 'company', customOf(found.values()))
  return ids.flatMap((id) => {
    const record = found.get(id)
    return record ? [line(record.row, record.opened.contact, names)] : []
  })
}

/** One row that does not open is shown as closed and does not take the page with it. */
function line(
  row: LineRow,
  outcome: OpenOutcome<CompanyContact> | undefined,
  names: ReadonlyMap<string, string>,
): CompanyLine {
  const contact = outcome?.kind === 'open' ? outcome.value : CompanyContact.parse({})
  return {
    id: row.id,
    displayName: contact.name,
    enterpriseNumber: contact.enterpriseNumber,
    email: contact.emails[0]?.value ?? '',
    phone: contact.phones[0]?.value ?? '',
    street: contact.addresses[0]?.street ?? '',
    postalCode: contact.addresses[0]?.postalCode ?? '',
    city: contact.addresses[0]?.city ?? '',
    country: contact.addresses[0]?.country ?? '',
    website: contact.website,
    industry: contact.industry,
    sector: contact.sector ?? '',
    sectorName: sectorName(contact.sector ?? ''),
    isSoleTrader: contact.isSoleTrader ?? false,
    employeeCount: contact.employeeCount,
    language: contact.language,
    reference: contact.reference,
    tags: contact.tags,
    custom: contact.custom ?? {},
    customNames: namesFor(contact.custom, names),
    stage: row.stage as CompanyLine['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

const SIMILAR_MAX = 5

/** Before a company is made: which the caller may see that share a value, or have a similar name. */
export async function findDuplicates(
  { vault, index }: CompanyParts,
  { tx, who }: { tx: ReadTx; who: Who },
  asked: DuplicateQuestion,
) {
  const lookups = await lookupsOf(
    vault,
    {
      emails: asked.emails.flatMap((email) => normaliseEmail(email) ?? []),
      phones: asked.phones.map((phone) => normalisePhone(phone)),
      numbers: [readCompanyNumber(asked.enterpriseNumber).value],
      reference: asked.reference,
    },
    searchedFrom,
  )
  const [matches, similar] = await Promise.all([
    lookups.length === 0 ? [] : store.listMatches(tx, lookups),
    asked.name
      ? index.similar({
          kind: 'company',
          names: [asked.name],
          scope: scopeOf(who, 'company'),
          limit: SIMILAR_MAX,
        })
      : [],
  ])
  const on = new Map<string, Set<string>>()
  const add = (id: string, why: string) => on.set(id, (on.get(id) ?? new Set()).add(why))
  for (const match of matches) add(match.company_id, match.kind)
  for (const { id } of similar) add(id, 'name')
  if (asked.exceptId) on.delete(asked.exceptId)
  const found = await vault.openRecords<store.CompanyRow, { contact: CompanyContact }>(tx, {
    table: 'company',
    classes: ['contact'],
    also: store.COLUMNS,
    ids: [...on.keys()],
    purpose: 'duplicates',
    record: 'list',
  })
  return {
    items: [...on].flatMap(([id, why]) => {
      const { row, opened } = found.get(id) ?? {}
      if (!row || row.deleted_at || opened?.contact?.kind !== 'open') return []
      const contact = opened.contact.value
      return [
        {
          id,
          displayName: contact.name,
          email: contact.emails[0]?.value ?? '',
          city: contact.addresses[0]?.city ?? '',
          ownerId: row.owner_id,
          on: [...why] as never[],
        },
      ]
    }),
  }
}
