import { IconMail, IconPhone } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CompanyLine, FieldDefinition, PersonLine, RecordKind } from '../api/shapes.ts'
import {
  nameOf,
  optionLabel,
  sayValue,
  useCustomFields,
  wordIn,
  writeValue,
} from '../fields/custom-fields.ts'
import type { Names } from '../frame/session.ts'
import type { Speak, Word } from '../language/words.tsx'
import { writeNumber } from '../parts/company-number.ts'
import { StageMark } from '../parts/marks.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'

export type Row = PersonLine | CompanyLine
type Around = { t: Speak; names: Names }
export type Column = {
  id: string
  /** Its title; a field of the organisation's own brings it along. */
  word: Word | { nl: string; en: string }
  width: number
  /** The field it is sorted by. */
  sort?: string
  isShownAtFirst?: boolean
  isEditable?: boolean
  /** Where it is one of the organisation's own. */
  field?: FieldDefinition
  /** As it is copied to a spreadsheet and typed over. */
  text: (row: Row, around: Around) => string
  /** Which one is meant, where two may be called the same. */
  exact?: (row: Row) => string
  /** As it is shown, where that differs. */
  show?: (row: Row, around: Around) => ReactNode
}

const value = (row: Row, name: string): string => {
  const found = (row as unknown as Record<string, unknown>)[name]
  return found === null || found === undefined ? '' : String(found)
}

function plain(id: string, word: Word, width: number, more: Partial<Column> = {}): Column {
  return { id, word, width, sort: id, isEditable: true, text: (row) => value(row, id), ...more }
}

/** A value and, when one is near, the way to use it; the click is not the cell's. */
function Reach({
  shown,
  link,
  label,
  Icon,
}: {
  shown: string
  link: string
  label: string
  Icon: typeof IconPhone
}) {
  if (!shown) return null
  return (
    <>
      <span>{shown}</span>
      <a
        className="k-reach"
        href={link}
        tabIndex={-1}
        aria-label={label}
        onClick={(event) => event.stopPropagation()}
      >
        <Icon size={14} stroke={1.7} aria-hidden />
      </a>
    </>
  )
}

const first = { isShownAtFirst: true }
const ago = (name: 'createdAt' | 'updatedAt'): Column => ({
  id: name,
  word: name,
  width: 130,
  sort: name,
  text: (row) => row[name].slice(0, 10),
  show: (row, { t }) => <span className="k-dim">{t.ago(row[name])}</span>,
})
const contact: Column[] = [
  {
    id: 'stage',
    word: 'stage',
    width: 116,
    sort: 'stage',
    isShownAtFirst: true,
    isEditable: true,
    text: (row, { t }) => t(`stage.${row.stage}`),
    show: (row) => <StageMark stage={row.stage} />,
  },
  plain('email', 'email', 220, {
    ...first,
    show: ({ email }, { t }) => (
      <Reach
        shown={email}
        link={`mailto:${email}`}
        label={t('mailValue', { value: email })}
        Icon={IconMail}
      />
    ),
  }),
  plain('phone', 'phone', 150, {
    ...first,
    show: ({ phone }, { t }) => (
      <Reach
        shown={groupDigits(phone)}
        link={telLink(phone)}
        label={t('callValue', { value: groupDigits(phone) })}
        Icon={IconPhone}
      />
    ),
  }),
  plain('city', 'city', 140, first),
]
const address: Column[] = [
  plain('street', 'street', 190),
  plain('postalCode', 'postalCode', 100),
  plain('country', 'country', 80),
]
const last: Column[] = [
  {
    id: 'owner',
    word: 'owner',
    width: 150,
    isShownAtFirst: true,
    text: (row, { names }) => names.user(row.ownerId),
  },
  { id: 'team', word: 'team', width: 120, text: (row, { names }) => names.team(row.teamId) },
  {
    id: 'tags',
    word: 'tags',
    width: 190,
    sort: 'tag',
    isShownAtFirst: true,
    isEditable: true,
    text: (row) => row.tags.join(', '),
    show: (row) =>
      row.tags.slice(0, 3).map((tag) => (
        <span className="k-tag" key={tag}>
          {tag}
        </span>
      )),
  },
  plain('language', 'customerLanguage', 90, {
    show: (row) => <span>{row.language.toUpperCase()}</span>,
  }),
  plain('reference', 'reference', 120),
  plain('website', 'website', 170),
  { ...ago('updatedAt'), isShownAtFirst: true },
  ago('createdAt'),
]
const ofPeople: Column[] = [
  plain('company', 'company', 180, first),
  plain('givenName', 'givenName', 130),
  plain('familyName', 'familyName', 150),
  plain('salutation', 'salutation', 100),
  plain('birthday', 'birthday', 120, {
    show: (row, { t }) => <span>{value(row, 'birthday') && t.day(value(row, 'birthday'))}</span>,
  }),
]
const ofCompanies: Column[] = [
  plain('enterpriseNumber', 'enterpriseNumber', 150, {
    ...first,
    show: (row) => <span>{writeNumber(value(row, 'enterpriseNumber'))}</span>,
  }),
  plain('sector', 'sectorColumn', 190, {
    text: (row, { t }) => ('sectorName' in row && row.sectorName?.[t.language]) || '',
  }),
  plain('industry', 'industry', 150),
  plain('employeeCount', 'employeeCount', 110),
]

const columnsOf: Record<RecordKind, Column[]> = {
  people: [...contact, ...ofPeople, ...address, ...last],
  companies: [...contact, ...ofCompanies, ...address, ...last],
}
/** Those of Kluis, and then one for each field of the organisation's own that lists may show. */
export function useAllColumns(kind: RecordKind): Column[] {
  const own = useCustomFields(kind)
  return [...columnsOf[kind], ...own.filter(isListed).map(ownColumn)]
}

export function columnTitle(column: Column, t: Speak): string {
  return typeof column.word === 'string' ? t(column.word) : wordIn(column.word, t.language)
}

const isListed = (field: FieldDefinition) => field.sensitivity === 'contact' && !field.isArchived
const widths: Partial<Record<FieldDefinition['kind'], number>> = {
  'long-text': 240,
  number: 110,
  money: 130,
  date: 120,
  'yes-no': 90,
  link: 200,
  choices: 200,
}
/** Wide enough for its title, as far as a title may ask for room. */
const widthOf = ({ nl, en }: { nl: string; en: string }) =>
  Math.min(220, Math.max(nl.length, en.length) * 8 + 40)

/** Of a person or company, which two may be called. */
export const isReference = ({ kind }: FieldDefinition) => kind === 'person' || kind === 'company'

function ownColumn(field: FieldDefinition): Column {
  const of = (row: Row) => row.custom[field.id]
  const column: Column = {
    id: nameOf(field),
    word: field.label,
    width: Math.max(widths[field.kind] ?? 150, widthOf(field.label)),
    sort: nameOf(field),
    isEditable: true,
    field,
    text: (row, { t }) => writeValue(field, of(row), t, row.customNames),
    ...(isReference(field) ? { exact: (row: Row) => String(of(row) ?? '') } : {}),
    show: (row, { t }) => <span>{sayValue(field, of(row), t, row.customNames)}</span>,
  }
  if (field.kind === 'choices')
    column.show = (row, { t }) => (
      <span className="k-tags">
        {[of(row) ?? []].flat().map((one) => (
          <span className="k-tag" key={String(one)}>
            {optionLabel(field, String(one), t)}
          </span>
        ))}
      </span>
    )
  return column
}

/** Always first: whom the row is about. A company's is its own field, a person's is made of two. */
export const nameColumns: Record<RecordKind, Column> = {
  people: { id: 'name', word: 'name', width: 230, sort: 'name', text: (row) => row.displayName },
  companies: {
    id: 'name',
    word: 'name',
    width: 230,
    sort: 'name',
    isEditable: true,
    text: (row) => row.displayName,
  },
}

export function turned(sort: string, by: string): string {
  return sort === by ? `-${by}` : by
}
