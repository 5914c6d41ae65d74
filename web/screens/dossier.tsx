import {
  Alert,
  Button,
  Group,
  Select,
  Skeleton,
  Stack,
  Table,
  Tabs,
  Text,
  Textarea,
  TextInput,
  Title,
  Tooltip,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { type FormEvent, useCallback, useEffect, useState } from 'react'
import type { Person } from '../../src/crm/people/contract.ts'
import { call, Refusal } from '../api.ts'
import { go } from '../app.tsx'
import { language, words } from '../words.ts'

type Note = { id: string; body: string; writtenBy: string | null; writtenAt: string }
type Opening = { at: string; userId: string; kind: string; purpose: string }
type Colleagues = Map<string, string>

const when = (iso: string) =>
  new Date(iso).toLocaleString(language === 'nl' ? 'nl-BE' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
const Sealed = () => (
  <Tooltip label={words.sealed}>
    <IconLock size={13} aria-label={words.sealed} />
  </Tooltip>
)

export default function Dossier({ id }: { id: string }) {
  const [person, setPerson] = useState<Person>()
  const [names, setNames] = useState<Colleagues>(new Map())
  const [error, setError] = useState('')
  useEffect(() => {
    call<Person>('GET', `people/${id}`).then(setPerson, (reason: Error) => setError(reason.message))
    call<{ items: { id: string; name: string }[] }>('GET', 'users').then(
      ({ items }) => setNames(new Map(items.map((one) => [one.id, one.name]))),
      () => {},
    )
  }, [id])
  const back = (
    <Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => go('/')}>
      ← {words.people}
    </Button>
  )
  if (error)
    return (
      <Stack>
        {back}
        <Alert color="red" role="alert">
          {error}
        </Alert>
      </Stack>
    )
  if (!person)
    return (
      <Stack>
        {back}
        <Skeleton height={36} w={280} />
        <Skeleton height={180} />
      </Stack>
    )

  const trash = async () => {
    await call('DELETE', `people/${person.id}`)
    const undo = async () => {
      await call('POST', `people/${person.id}/restore`)
      notifications.hide(note)
      go(`/people/${person.id}`)
    }
    const note = notifications.show({
      message: (
        <Group justify="space-between">
          {words.trashed}
          <Button size="compact-sm" variant="light" onClick={undo}>
            {words.undo}
          </Button>
        </Group>
      ),
      autoClose: 8000,
    })
    go('/')
  }
  return (
    <Stack>
      {back}
      <Group justify="space-between">
        <Title order={1} size="h2">
          {person.displayName}
        </Title>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={trash}>
          {words.toTrash}
        </Button>
      </Group>
      <Tabs defaultValue="notes" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="notes">{words.notes}</Tabs.Tab>
          <Tabs.Tab value="details">{words.details}</Tabs.Tab>
          <Tabs.Tab value="seen">{words.seen}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="notes" pt="md">
          <Notes id={person.id} names={names} />
        </Tabs.Panel>
        <Tabs.Panel value="details" pt="md">
          <Details key={person.rowVersion} person={person} onChange={setPerson} />
        </Tabs.Panel>
        <Tabs.Panel value="seen" pt="md">
          <Seen id={person.id} names={names} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function Details({ person, onChange }: { person: Person; onChange: (person: Person) => void }) {
  const address = person.addresses[0] ?? { street: '', postalCode: '', city: '', country: '' }
  const [given, setGiven] = useState({
    givenName: person.givenName,
    familyName: person.familyName,
    company: person.company,
    email: person.emails.map((one) => one.value).join(', '),
    phone: person.phones.map((one) => one.value).join(', '),
    street: address.street,
    postalCode: address.postalCode,
    city: address.city,
    birthday: person.birthday,
    tags: person.tags.join(', '),
  })
  const [stage, setStage] = useState(person.stage)
  const [ibans, setIbans] = useState(person.ibans)
  const [error, setError] = useState('')
  const list = (text: string) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setError('')
    const { email, phone, street, postalCode, city, tags, ...fields } = given
    try {
      onChange(
        await call<Person>('PATCH', `people/${person.id}`, {
          rowVersion: person.rowVersion,
          ...fields,
          stage,
          emails: list(email).map((value) => ({ value })),
          phones: list(phone).map((value) => ({ value })),
          addresses: [{ ...address, street, postalCode, city }, ...person.addresses.slice(1)],
          tags: list(tags),
        }),
      )
      notifications.show({ message: words.save })
    } catch (reason) {
      setError((reason as Error).message)
      const current =
        reason instanceof Refusal && reason.code === 'changed-meanwhile'
          ? (reason.detail?.current as Person | undefined)
          : undefined
      if (current)
        notifications.show({ color: 'orange', message: words.conflict, autoClose: 10_000 })
      if (current) onChange(current)
    }
  }
  const field = (name: keyof typeof given, type = 'text') => (
    <TextInput
      label={
        <Group gap={4} component="span">
          {words[name]}
          <Sealed />
        </Group>
      }
      aria-label={words[name]}
      type={type}
      value={given[name]}
      onChange={(event) => setGiven({ ...given, [name]: event.currentTarget.value })}
    />
  )
  return (
    <form onSubmit={save}>
      <Stack maw={560}>
        {error && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group grow>
          {field('givenName')}
          {field('familyName')}
        </Group>
        {field('company')}
        {field('email')}
        {field('phone')}
        {field('street')}
        <Group grow>
          {field('postalCode')}
          {field('city')}
        </Group>
        <Group grow>
          {field('birthday', 'date')}
          <Select
            label={words.stage}
            value={stage}
            onChange={(value) => value && setStage(value as Person['stage'])}
            data={(['lead', 'prospect', 'customer', 'former'] as const).map((value) => ({
              value,
              label: words[value],
            }))}
            allowDeselect={false}
          />
        </Group>
        {field('tags')}
        {ibans.length > 0 && (
          <Group>
            <Text size="sm">
              {words.account}: {ibans.join(', ')}
            </Text>
            <Button
              variant="default"
              size="compact-sm"
              onClick={async () =>
                setIbans(
                  (await call<{ ibans: string[] }>('POST', `people/${person.id}/reveal`)).ibans,
                )
              }
            >
              {words.reveal}
            </Button>
          </Group>
        )}
        <Button type="submit" w="fit-content">
          {words.save}
        </Button>
      </Stack>
    </form>
  )
}

function Notes({ id, names }: { id: string; names: Colleagues }) {
  const [notes, setNotes] = useState<Note[]>()
  const [body, setBody] = useState('')
  const [error, setError] = useState<Refusal>()
  const ask = useCallback(
    () =>
      call<{ items: Note[] }>('GET', `people/${id}/notes`).then(
        ({ items }) => setNotes(items),
        setError,
      ),
    [id],
  )
  useEffect(() => {
    ask()
  }, [ask])
  const keep = async (isConfirmed: boolean) => {
    setError(undefined)
    try {
      await call('POST', `people/${id}/notes`, { body, isConfirmed })
      setBody('')
      await ask()
    } catch (reason) {
      setError(reason as Refusal)
    }
  }
  return (
    <Stack maw={640}>
      <Textarea
        label={words.writeNote}
        autosize
        minRows={2}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      {error && (
        <Alert color="orange" role="alert">
          {error.message}
          {error.code === 'national-number-found' && (
            <Button ml="sm" size="compact-sm" variant="light" onClick={() => keep(true)}>
              {words.keepAnyway}
            </Button>
          )}
        </Alert>
      )}
      <Button w="fit-content" disabled={!body.trim()} onClick={() => keep(false)}>
        {words.keepNote}
      </Button>
      {!notes && !error && <Skeleton height={60} />}
      {notes?.map((note) => (
        <div key={note.id}>
          <Text size="xs" c="dimmed">
            {names.get(note.writtenBy ?? '')} · {when(note.writtenAt)} <Sealed />
          </Text>
          <Text style={{ whiteSpace: 'pre-wrap' }}>{note.body}</Text>
        </div>
      ))}
    </Stack>
  )
}

function Seen({ id, names }: { id: string; names: Colleagues }) {
  const [openings, setOpenings] = useState<Opening[]>()
  const [error, setError] = useState('')
  useEffect(() => {
    call<{ items: Opening[] }>('GET', `people/${id}/openings`).then(
      ({ items }) => setOpenings(items),
      (reason: Error) => setError(reason.message),
    )
  }, [id])
  if (error)
    return (
      <Alert color="red" role="alert">
        {error}
      </Alert>
    )
  return (
    <Table>
      <Table.Tbody>
        {openings?.map((one) => (
          <Table.Tr key={`${one.at}${one.kind}`}>
            <Table.Td>{when(one.at)}</Table.Td>
            <Table.Td>{names.get(one.userId) ?? one.userId}</Table.Td>
            <Table.Td>{one.kind}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
