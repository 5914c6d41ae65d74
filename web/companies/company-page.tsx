import { useParams } from '@tanstack/react-router'
import { RecordPage } from '../record/record-view.tsx'

export function CompanyPage() {
  const { id } = useParams({ from: '/frame/companies/$id' })
  return <RecordPage kind="companies" id={id} />
}
