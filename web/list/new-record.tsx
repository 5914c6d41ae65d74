import { Alert, Button, Group, Modal, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type {
  Company,
  CustomValue,
  DuplicateReply,
  FieldDefinition,
  Language,
  Person,
  RecordKind,
} from '../api/shapes.ts'
import { CompanyField, type Employer } from '../entry/company-field.tsx'
import { askedOfReach, bodyOfReach, ReachFields, type TypedReach } from '../entry/reach-fields.tsx'
import { nameOf, useCustomFields } from '../fields/custom-fields.ts'
import { NewRecordFields, type OwnTyped } from '../fields/new-record-fields.tsx'
import { problemsOf } from '../fields/problem.ts'
import { type FieldProblem, nothingTyped, readTyped } from '../fields/typed.ts'
import { useNames } from '../frame/session.ts'
import { sentBy } from '../parts/sent-by.ts'
import '../language/late.ts'
import { useWords, type Word } from '../language/words.tsx'
import { useDraft } from '../parts/drafts.ts'
import { refusalText, tell, tellWithUndo } from '../parts/tell.tsx'
import { useRowPatch } from './use-records.ts'

type Plain = Partial<Record<'givenName' | 'familyName' | 'name' | 'enterpriseNumber', string>>
type Typed = Plain & TypedReach & { employer?: Employer; own?: OwnTyped }

const forms: Record<RecordKind, { field: keyof Plain; word: Word; isRequired?: boolean }[]> = {
  people: [
    { field: 'givenName', word: 'givenName' },
    { field: 'familyName', word: 'familyName' },
  ],
  companies: [
    { field: 'name', word: 'companyName', isRequired: true },
    { field: 'enterpriseNumber', word: 'enterpriseNumber' },
  ],
}
const PAUSE_MS = 350
// Shorter, and half the file is similar.
const NAME_MIN = 5

/** The few fields to begin with. Says while typing whom we may already know. */
export function NewRecord({
  kind,
  close,
  created,
}: {
  kind: RecordKind
  close: () => void
  created: (id: string) => void
}) {
  const t = useWords()
  const { refresh } = useRowPatch(kind)
  // One id for all attempts: when an answer got lost, sending again makes no second record.
  const [id] = useState(() => crypto.randomUUID())
  const [typed, setTyped, clear] = useDraft<Typed>(`new-${kind}`, {})
  const [problem, setProblem] = useState<string>()
  const [wrong, setWrong] = useState<ReadonlyMap<string, FieldProblem>>(new Map())
  const [isBusy, setBusy] = useState(false)
  const names = useNames()
  const known = useKnown(kind, typed)
  // The person is there already: what fails now is told, and doesn't keep the dialog open for a second attempt.
  const linkEmployer = async ({ displayName }: Person | Company) => {
    const { companyId } = typed.employer ?? {}
    if (kind !== 'people' || !companyId) return
    await ask('POST', `/api/people/${id}/affiliations`, { body: { companyId } }).catch(
      (error: unknown) => tell(t('notLinked', { name: displayName, why: refusalText(t, error) })),
    )
  }
  const own = useCustomFields(kind).filter((one) => !one.isArchived)
  const save = async () => {
    setProblem(undefined)
    const { custom, problems } = readOwn(own, typed.own ?? {}, t.language)
    setWrong(problems)
    if (problems.size > 0) return
    setBusy(true)
    try {
      const record = await ask<Person | Company>('POST', `/api/${kind}`, {
        body: { id, ...asBody(typed), ...(Object.keys(custom).length > 0 ? { custom } : {}) },
      })
      clear()
      await refresh()
      await linkEmployer(record)
      tellWithUndo(t, t('createdNamed', { name: record.displayName }), async () => {
        await ask('DELETE', `/api/${kind}/${record.id}`)
        await refresh()
      })
      created(record.id)
    } catch (error) {
      const atFields = problemsOf(error)
      setWrong(atFields)
      if (atFields.size === 0) setProblem(refusalText(t, error))
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t(kind === 'people' ? 'newPerson' : 'newCompany')}
      size={520}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={sentBy(() => void save())}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {forms[kind].map(({ field, word, isRequired }, at) => (
            <TextInput
              key={field}
              label={t(word)}
              autoComplete="off"
              required={isRequired ?? false}
              {...(at === 0 ? { 'data-autofocus': true } : {})}
              value={typed[field] ?? ''}
              onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
        <Stack gap="sm" mt="sm">
          {kind === 'people' && (
            <CompanyField
              value={typed.employer ?? { name: '' }}
              change={(employer) => setTyped({ ...typed, employer })}
            />
          )}
          <ReachFields typed={typed} change={(reach) => setTyped({ ...typed, ...reach })} />
        </Stack>
        <NewRecordFields
          fields={own}
          typed={typed.own ?? {}}
          problems={wrong}
          change={(next) => {
            setWrong(new Map())
            setTyped({ ...typed, own: next })
          }}
        />
        {known.length > 0 && (
          <Alert
            mt="md"
            color="yellow"
            variant="outline"
            title={t('maybeKnown')}
            p="sm"
            role="status"
            styles={{ title: { color: 'var(--mantine-color-text)' } }}
          >
            {known.map((one) => (
              <div key={one.id} className="k-known">
                <span>
                  <strong>{one.displayName}</strong>{' '}
                  <span>{one.on.map((on) => t(`same.${on}`)).join(', ')}</span>
                  <br />
                  <span className="k-dim k-small">
                    {[one.email, one.city, names.user(one.ownerId)].filter(Boolean).join(' · ')}
                  </span>
                </span>
                <Button
                  component={Link}
                  to={`/${kind}/${one.id}`}
                  onClick={close}
                  size="compact-sm"
                  variant="default"
                  aria-label={t('openThatOneNamed', { name: one.displayName })}
                >
                  {t('openThatOne')}
                </Button>
              </div>
            ))}
          </Alert>
        )}
        {problem && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '12px 0 0' }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t('create')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function asBody(typed: Typed): object {
  const { emails, phones, address, employer, own: _, ...names } = typed
  const filled = Object.entries({ ...names, company: employer?.name }).filter(([, value]) =>
    value?.trim(),
  )
  return { ...Object.fromEntries(filled), ...bodyOfReach({ emails, phones, address }) }
}

/** What is filled in of the organisation's own fields, and what is not right yet. */
function readOwn(fields: FieldDefinition[], typed: OwnTyped, language: Language) {
  const custom: Record<string, CustomValue> = {}
  const problems = new Map<string, FieldProblem>()
  for (const field of fields) {
    const read = readTyped(field, typed[field.id]?.typed ?? nothingTyped(field), language)
    if ('problem' in read) problems.set(nameOf(field), read.problem)
    else if (read.value !== null) custom[field.id] = read.value
  }
  return { custom, problems }
}

function useKnown(kind: RecordKind, typed: Typed): DuplicateReply['items'] {
  const [settled] = useDebouncedValue(typed, PAUSE_MS)
  const question = {
    ...askedOfReach(settled),
    ...(kind === 'companies' && settled.enterpriseNumber?.trim()
      ? { enterpriseNumber: settled.enterpriseNumber.trim() }
      : {}),
  }
  const name =
    kind === 'companies' ? settled.name : `${settled.givenName ?? ''} ${settled.familyName ?? ''}`
  const asked =
    (name?.trim().length ?? 0) >= NAME_MIN ? { ...question, name: name!.trim() } : question
  const asks =
    'name' in asked ||
    question.emails.length + question.phones.length > 0 ||
    'enterpriseNumber' in question
  const reply = useQuery({
    queryKey: [kind, 'duplicates', asked],
    queryFn: () => ask<DuplicateReply>('POST', `/api/${kind}/duplicates`, { body: asked }),
    enabled: asks,
  })
  return asks ? (reply.data?.items ?? []) : []
}
