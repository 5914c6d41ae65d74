import { useState } from 'react'
import type { CompanyLine, PersonLine, RecordKind, Sort } from '../api/shapes.ts'
import { type Names, useSession } from '../frame/session.ts'
import { remember, remembered } from '../language/remembered.ts'
import type { Speak, Word } from '../language/words.tsx'
import { StageMark } from '../parts/marks.tsx'
import { groupDigits } from '../parts/phone-number.ts'

export type Row = PersonLine | CompanyLine
export type Column = {
  id: string
  word: Word
  width: number
  sort?: 'name' | 'createdAt' | 'updatedAt'
  isShownAtFirst?: boolean
  show: (row: Row, around: { t: Speak; names: Names }) => React.ReactNode
}

const shared: Column[] = [
  {
    id: 'stage',
    word: 'stage',
    width: 116,
    isShownAtFirst: true,
    show: (row) => <StageMark stage={row.stage} />,
  },
  {
    id: 'email',
    word: 'email',
    width: 220,
    isShownAtFirst: true,
    show: (row) => <span>{row.email}</span>,
  },
  {
    id: 'phone',
    word: 'phone',
    width: 150,
    isShownAtFirst: true,
    show: (row) => <span>{groupDigits(row.phone)}</span>,
  },
  {
    id: 'city',
    word: 'city',
    width: 140,
    isShownAtFirst: true,
    show: (row) => <span>{row.city}</span>,
  },
]
const last: Column[] = [
  {
    id: 'owner',
    word: 'owner',
    width: 150,
    isShownAtFirst: true,
    show: (row, { names }) => <span>{names.user(row.ownerId)}</span>,
  },
  {
    id: 'team',
    word: 'team',
    width: 120,
    show: (row, { names }) => <span>{names.team(row.teamId)}</span>,
  },
  {
    id: 'tags',
    word: 'tags',
    width: 190,
    isShownAtFirst: true,
    show: (row) =>
      row.tags.slice(0, 3).map((tag) => (
        <span className="k-tag" key={tag}>
          {tag}
        </span>
      )),
  },
  {
    id: 'language',
    word: 'customerLanguage',
    width: 90,
    show: (row) => <span>{row.language.toUpperCase()}</span>,
  },
  { id: 'reference', word: 'reference', width: 120, show: (row) => <span>{row.reference}</span> },
  {
    id: 'updatedAt',
    word: 'updatedAt',
    width: 130,
    sort: 'updatedAt',
    isShownAtFirst: true,
    show: (row, { t }) => <span className="k-dim">{t.ago(row.updatedAt)}</span>,
  },
  {
    id: 'createdAt',
    word: 'createdAt',
    width: 130,
    sort: 'createdAt',
    show: (row, { t }) => <span className="k-dim">{t.ago(row.createdAt)}</span>,
  },
]
const ofPeople: Column[] = [
  {
    id: 'company',
    word: 'company',
    width: 180,
    isShownAtFirst: true,
    show: (row) => <span>{'company' in row ? row.company : ''}</span>,
  },
]
const ofCompanies: Column[] = [
  {
    id: 'enterpriseNumber',
    word: 'enterpriseNumber',
    width: 150,
    isShownAtFirst: true,
    show: (row) => <span>{'enterpriseNumber' in row ? row.enterpriseNumber : ''}</span>,
  },
  {
    id: 'industry',
    word: 'industry',
    width: 150,
    show: (row) => <span>{'industry' in row ? row.industry : ''}</span>,
  },
]

export function allColumns(kind: RecordKind): Column[] {
  return kind === 'people'
    ? [...shared, ...ofPeople, ...last]
    : [...shared, ...ofCompanies, ...last]
}

/** The chosen columns, kept for this user on this device. */
export function useColumns(kind: RecordKind): {
  columns: Column[]
  chosen: Set<string>
  toggle: (id: string) => void
} {
  const { user } = useSession()
  const key = `kluis.columns.${kind}.${user.id}`
  const all = allColumns(kind)
  const [chosen, setChosen] = useState(() => {
    const kept = remembered(key)?.split(',')
    return new Set(kept ?? all.filter((one) => one.isShownAtFirst).map((one) => one.id))
  })
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
    remember(key, [...next].join(','))
  }
  return { columns: all.filter((one) => chosen.has(one.id)), chosen, toggle }
}

export function turned(sort: Sort, by: NonNullable<Column['sort']>): Sort {
  return sort === by ? `-${by}` : by
}
