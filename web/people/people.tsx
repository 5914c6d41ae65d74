import { useSearch } from '@tanstack/react-router'
import { RecordList } from '../list/record-list.tsx'

export function People() {
  const { open } = useSearch({ from: '/frame/people' })
  return <RecordList kind="people" openId={open} />
}
