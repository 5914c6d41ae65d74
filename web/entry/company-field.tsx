import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { CompanyPage } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'

/** Where somebody works: one of our companies, or a name that is kept as text. */
export type Employer = { name: string; companyId?: string | undefined }

const TYPING_MS = 150
const NAME_MIN = 2

/** Typing finds companies; choosing one links it, leaving the name as typed keeps it as text. */
export function CompanyField({
  value,
  change,
}: {
  value: Employer
  change: (next: Employer) => void
}) {
  const t = useWords()
  const typed = value.name.trim()
  const [search] = useDebouncedValue(typed, TYPING_MS)
  const isAsked = search.length >= NAME_MIN && !value.companyId
  const found = useQuery({
    queryKey: ['companies', 'choose', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage>('GET', '/api/companies', { query: { search, limit: 8 }, signal }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  const options = (isAsked ? (found.data?.items ?? []) : []).map((one) => ({
    id: one.id,
    name: one.displayName,
    // Two of one name are told apart by where they are.
    shown: [one.displayName, one.city].filter(Boolean).join(', '),
  }))
  return (
    <Autocomplete
      label={t('company')}
      autoComplete="off"
      maxLength={200}
      value={value.name}
      data={[...new Set(options.map(({ shown }) => shown))]}
      filter={({ options: all }) => all}
      onChange={(text) => {
        const chosen = options.find(({ shown }) => shown === text)
        change(chosen ? { name: chosen.name, companyId: chosen.id } : { name: text })
      }}
      description={
        value.companyId ? t('companyLinked') : typed === '' ? undefined : t('companyAsText')
      }
      inputWrapperOrder={['label', 'input', 'description']}
    />
  )
}
