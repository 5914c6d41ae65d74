import { useSearch } from '@tanstack/react-router'
import { RecordList } from '../list/record-list.tsx'

export function Companies() {
  const { open } = useSearch({ from: '/frame/companies' })
  return <RecordList kind="companies" openId={open} />
}
