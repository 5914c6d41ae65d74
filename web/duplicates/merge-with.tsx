import { Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type {
  Company,
  CompanyPage,
  DuplicateReply,
  Person,
  PersonPage,
  RecordKind,
} from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Initials } from '../parts/marks.tsx'

const PAUSE_MS = 200
const FOUND_MAX = 8

/** Which customer is the same as this one: those that look like it first, or any that is searched for. */
export function MergeWith({
  kind,
  record,
  close,
}: {
  kind: RecordKind
  record: Person | Company
  close: () => void
}) {
  const t = useWords()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const suggested = useSuggested(kind, record)
  const found = useFound(kind, typed)
  const shown = (typed.trim() ? found : suggested).filter((one) => one.id !== record.id)
  const choose = (otherId: string) => {
    close()
    void navigate({
      to: '/duplicates/$kind/$keptId/$otherId',
      params: { kind, keptId: record.id, otherId },
    })
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('mergeWith')}
      size={480}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <TextInput
        data-autofocus
        label={t('mergeWithSearch')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <p className="k-dim k-small" role="status" style={{ margin: '14px 0 4px' }}>
        {shown.length === 0 ? t('mergeWithNobody') : !typed.trim() && t('mergeWithSuggested')}
      </p>
      {shown.map((one) => (
        <button key={one.id} type="button" className="k-facet" onClick={() => choose(one.id)}>
          <Initials name={one.displayName} id={one.id} isCompany={kind === 'companies'} />
          <span className="k-facet-name">
            {one.displayName}{' '}
            <span className="k-dim">{[one.email, one.city].filter(Boolean).join(' · ')}</span>
          </span>
        </button>
      ))}
    </Modal>
  )
}

type Shown = { id: string; displayName: string; email: string; city: string }

function useSuggested(kind: RecordKind, record: Person | Company): Shown[] {
  const reply = useQuery({
    queryKey: [kind, 'duplicates', 'of', record.id, record.rowVersion],
    queryFn: () =>
      ask<DuplicateReply>('POST', `/api/${kind}/duplicates`, {
        body: {
          name: record.displayName,
          emails: record.emails.map(({ value }) => value),
          phones: record.phones.map(({ value }) => value),
          reference: record.reference,
          ...('enterpriseNumber' in record ? { enterpriseNumber: record.enterpriseNumber } : {}),
          exceptId: record.id,
        },
      }),
  })
  return reply.data?.items ?? []
}

function useFound(kind: RecordKind, typed: string): Shown[] {
  const [settled] = useDebouncedValue(typed.trim(), PAUSE_MS)
  const page = useQuery({
    queryKey: [kind, 'list', 'merge-with', settled],
    queryFn: ({ signal }) =>
      ask<PersonPage | CompanyPage>('GET', `/api/${kind}`, {
        query: { search: settled, limit: FOUND_MAX },
        signal,
      }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  })
  return page.data?.items ?? []
}
