import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Person, PersonLine } from '../../src/crm/people/contract.ts'
import { call } from '../api.ts'
import { go } from '../app.tsx'
import { words } from '../words.ts'

type Page = {
  items: PersonLine[]
  nextCursor: string | null
  total: number | null
  isIndexReady: boolean
}
const stages = ['lead', 'prospect', 'customer', 'former'] as const
// Long enough that fast typing asks once, short enough to feel immediate.
const TYPING_MS = 120

export default function People() {
  const [search, setSearch] = useState('')
  const [stage, setStage] = useState<string | null>(null)
  const [page, setPage] = useState<Page>()
  const [error, setError] = useState('')
  const [isAdding, setIsAdding] = useState(false)
  const newest = useRef(0)
  const ask = async (cursor?: string) => {
    const mine = ++newest.current
    const query = new URLSearchParams({
      search,
      limit: '50',
      ...(stage ? { stage } : {}),
      ...(cursor ? { cursor } : {}),
    })
    try {
      const got = await call<Page>('GET', `people?${query}`)
      // An answer that was overtaken by a newer question is dropped.
      if (mine === newest.current)
        setPage(cursor && page ? { ...got, items: [...page.items, ...got.items] } : got)
    } catch (reason) {
      setError((reason as Error).message)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for each search and stage
  useEffect(() => {
    const timer = setTimeout(() => ask(), TYPING_MS)
    return () => clearTimeout(timer)
  }, [search, stage])

  const openRow = (id: string) => (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(`/people/${id}`)
    const row = event.currentTarget as HTMLElement
    if (event.key === 'ArrowDown' || event.key === 'j')
      (row.nextElementSibling as HTMLElement | null)?.focus()
    if (event.key === 'ArrowUp' || event.key === 'k')
      (row.previousElementSibling as HTMLElement | null)?.focus()
  }

  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {words.people}
        </Title>
        <Button size="sm" onClick={() => setIsAdding(true)}>
          {words.add}
        </Button>
      </Group>
      <Group>
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          style={{ flex: 1, minWidth: 200 }}
          type="search"
        />
        <Select
          aria-label={words.stage}
          placeholder={words.all}
          clearable
          value={stage}
          onChange={setStage}
          data={stages.map((value) => ({ value, label: words[value] }))}
          w={150}
        />
      </Group>
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      {page && !page.isIndexReady && <Alert color="blue">{words.loading}</Alert>}
      {page?.total != null && (
        <Text size="sm" c="dimmed" aria-live="polite">
          {page.total} {words.found}
        </Text>
      )}
      {!page && !error && (
        <Stack gap="xs">
          {[1, 2, 3, 4, 5].map((n) => (
            <Skeleton key={n} height={28} />
          ))}
        </Stack>
      )}
      {page?.items.length === 0 && (
        <Text c="dimmed">{search || stage ? words.noHits : words.nobody}</Text>
      )}
      {page && page.items.length > 0 && (
        <Table highlightOnHover verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.name}</Table.Th>
              <Table.Th className="wide">{words.company}</Table.Th>
              <Table.Th className="wide">{words.email}</Table.Th>
              <Table.Th>{words.phone}</Table.Th>
              <Table.Th className="wide">{words.city}</Table.Th>
              <Table.Th className="wide">{words.stage}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {page.items.map((person) => (
              <Table.Tr
                key={person.id}
                className="row"
                tabIndex={0}
                onClick={() => go(`/people/${person.id}`)}
                onKeyDown={openRow(person.id)}
              >
                <Table.Td fw={500}>{person.displayName}</Table.Td>
                <Table.Td className="wide">{person.company}</Table.Td>
                <Table.Td className="wide">{person.email}</Table.Td>
                <Table.Td>{person.phone}</Table.Td>
                <Table.Td className="wide">{person.city}</Table.Td>
                <Table.Td className="wide">
                  <Badge variant="light" color="gray" c="var(--mantine-color-text)">
                    {words[person.stage]}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {page?.nextCursor && (
        <Button variant="default" onClick={() => ask(page.nextCursor!)}>
          {words.more}
        </Button>
      )}
      <Modal
        opened={isAdding}
        onClose={() => setIsAdding(false)}
        title={words.add}
        closeButtonProps={{ 'aria-label': words.cancel }}
      >
        <Add />
      </Modal>
    </Stack>
  )
}

function Add() {
  const [given, setGiven] = useState({ givenName: '', familyName: '', email: '', phone: '' })
  const [error, setError] = useState('')
  // Made once: a double click or a lost answer never makes the person twice.
  const [id] = useState(() => crypto.randomUUID())
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { email, phone, ...names } = given
    try {
      const made = await call<Person>('POST', 'people', {
        id,
        ...names,
        emails: email ? [{ value: email }] : [],
        phones: phone ? [{ value: phone }] : [],
      })
      go(`/people/${made.id}`)
    } catch (reason) {
      setError((reason as Error).message)
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {error && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {(['givenName', 'familyName', 'email', 'phone'] as const).map((field) => (
          <TextInput
            key={field}
            label={words[field]}
            value={given[field]}
            onChange={(event) => setGiven({ ...given, [field]: event.currentTarget.value })}
            data-autofocus={field === 'givenName' || undefined}
          />
        ))}
        <Button type="submit">{words.save}</Button>
      </Stack>
    </form>
  )
}
