import { IconMail, IconPhone } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CompanyLine, PersonLine, RecordKind } from '../api/shapes.ts'
import type { Names } from '../frame/session.ts'
import type { Speak, Word } from '../language/words.tsx'
import { StageMark } from '../parts/marks.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'

export type Row = PersonLine | CompanyLine
type Around = { t: Speak; names: Names }
export type Column = {
  id: string
  word: Word
  width: number
  /** The field it is sorted by. */
  sort?: string
  isShownAtFirst?: boolean
  isEditable?: boolean
  /** As it is copied to a spreadsheet and typed over. */
  text: (row: Row, around: Around) => string
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
  plain('enterpriseNumber', 'enterpriseNumber', 150, first),
  plain('industry', 'industry', 150),
  plain('employeeCount', 'employeeCount', 110),
]

const columnsOf: Record<RecordKind, Column[]> = {
  people: [...contact, ...ofPeople, ...address, ...last],
  companies: [...contact, ...ofCompanies, ...address, ...last],
}
export function allColumns(kind: RecordKind): Column[] {
  return columnsOf[kind]
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
