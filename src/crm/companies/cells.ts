import { readCompanyNumber } from '#platform/company-number.ts'
import { type CustomColumns, changeCells, type OwnColumns, writtenCustom } from '../cells.ts'
import { findNamed } from '../record-list.ts'
import { readSector } from '../sectors.ts'
import type { CellChange } from '../views/contract.ts'
import { type CompanyParts, editCompany, openCompany } from './companies.ts'
import { CompanyChange, type CompanyContact } from './contract.ts'

const columns: OwnColumns = {
  name: { max: 200, isNeeded: true },
  enterpriseNumber: { max: 60, check: (text) => isRightNumber(text) },
  industry: { max: 120 },
  sector: { max: 60, check: (text) => readSector(text) !== undefined },
  employeeCount: { max: 8, check: (text) => /^\d{1,8}$/.test(text) && Number(text) <= 10_000_000 },
  website: { max: 300 },
  reference: { max: 80 },
}

/** Why it is not right, the dossier says; a cell has no room for that. */
function isRightNumber(text: string): boolean {
  const { kind, problem } = readCompanyNumber(text)
  return !problem && kind !== 'be-site' && kind !== 'nl-site'
}

type Edit = Parameters<typeof editCompany>
export function changeCompanyCells(
  parts: CompanyParts,
  asking: Edit[1],
  { rows }: CellChange,
  writeAtOnce: Edit[4],
) {
  const custom: CustomColumns = {
    // A list shows nothing confidential, and changes nothing of it.
    fields: parts.fields
      .definitions('company')
      .filter(({ sensitivity }) => sensitivity === 'contact'),
    language: asking.who.language,
    now: asking.now,
    findNamed: (kind, name) => findNamed(parts, asking, kind, name),
  }
  return changeCells(
    rows,
    columns,
    custom,
    async (id) => {
      const { row, contact } = await openCompany(parts, asking, id, 'edit')
      return { contact, before: written(contact, row.stage, custom) }
    },
    (id, change) => editCompany(parts, asking, id, changeOf(change), writeAtOnce),
  )
}

function changeOf({ employeeCount, ...change }: Record<string, unknown>): CompanyChange {
  return CompanyChange.parse({
    ...change,
    ...(employeeCount === undefined
      ? {}
      : { employeeCount: employeeCount === '' ? null : Number(employeeCount) }),
  })
}

/** A record's cells as they stand in the list. */
function written(
  contact: CompanyContact,
  stage: string,
  columns: CustomColumns,
): Record<string, string> {
  const {
    emails,
    phones,
    addresses,
    tags,
    employeeCount,
    custom,
    otherNumbers,
    isSoleTrader,
    ...texts
  } = contact
  const [address] = addresses
  return {
    ...texts,
    ...writtenCustom(custom, columns),
    stage,
    employeeCount: employeeCount === null ? '' : String(employeeCount),
    email: emails[0]?.value ?? '',
    phone: phones[0]?.value ?? '',
    tags: tags.join(', '),
    street: address?.street ?? '',
    postalCode: address?.postalCode ?? '',
    city: address?.city ?? '',
    country: address?.country ?? '',
  }
}
