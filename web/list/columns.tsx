import { useState } from 'react'
import type { RecordKind, Row, Sort } from '../api/shapes.ts'
import { type Names, useSession } from '../frame/session.ts'
import { remember, remembered } from '../language/remembered.ts'
import type { Speak, Word } from '../language/words.tsx'
import { StageMark } from '../parts/marks.tsx'

export type Column = {
  id: string
  word: Word
  width: number
  sort?: 'name' | 'createdAt' | 'updatedAt'
  isHiddenAtFirst?: boolean
  show: (row: Row, around: { t: Speak; names: Names }) => React.ReactNode
}

export const nameColumn: Column = {
  id: 'name',
  word: 'name',
  width: 230,
  sort: 'name',
  show: () => null,
}
const shared: Column[] = [
  { id: 'stage', word: 'stage', width: 112, show: (row) => <StageMark stage={row.stage} /> },
  { id: 'email', word: 'email', width: 210, show: (row) => <span>{row.email}</span> },
  { id: 'phone', word: 'phone', width: 140, show: (row) => <span>{row.phone}</span> },
  { id: 'city', word: 'city', width: 130, show: (row) => <span>{row.city}</span> },
]
const last: Column[] = [
  {
    id: 'tags',
    word: 'tags',
    width: 170,
    show: (row) =>
      row.tags.slice(0, 3).map((tag) => (
        <span className="k-tag" key={tag}>
          {tag}
        </span>
      )),
  },
  {
    id: 'owner',
    word: 'owner',
    width: 140,
    show: (row, { names }) => <span>{names.user(row.ownerId)}</span>,
  },
  {
    id: 'team',
    word: 'team',
    width: 120,
    isHiddenAtFirst: true,
    show: (row, { names }) => <span>{names.team(row.teamId)}</span>,
  },
  {
    id: 'updatedAt',
    word: 'updatedAt',
    width: 130,
    sort: 'updatedAt',
    show: (row, { t }) => <span className="k-dim">{t.ago(row.updatedAt)}</span>,
  },
]
const ofPeople: Column[] = [
  { id: 'company', word: 'company', width: 170, show: (row) => <span>{row.company}</span> },
]
const ofCompanies: Column[] = [
  {
    id: 'enterpriseNumber',
    word: 'enterpriseNumber',
    width: 150,
    show: (row) => <span>{row.enterpriseNumber}</span>,
  },
]

export function allColumns(kind: RecordKind): Column[] {
  return [...shared, ...(kind === 'people' ? ofPeople : ofCompanies), ...last]
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
    return new Set(kept ?? all.filter((one) => !one.isHiddenAtFirst).map((one) => one.id))
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
