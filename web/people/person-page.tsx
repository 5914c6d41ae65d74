import { useParams } from '@tanstack/react-router'
import { RecordPage } from '../record/record-view.tsx'

export function PersonPage() {
  const { id } = useParams({ from: '/frame/people/$id' })
  return <RecordPage kind="people" id={id} />
}
