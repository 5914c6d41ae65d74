import { ActionIcon, Button, Menu, TextInput } from '@mantine/core'
import {
  IconArrowLeft,
  IconArrowMerge,
  IconArrowsDiagonal,
  IconDots,
  IconEraser,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FocusEvent, lazy, type MouseEvent, type ReactNode, Suspense, useState } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { LooksLike } from '../duplicates/looks-like.tsx'
import { MergeWith } from '../duplicates/merge-with.tsx'
import { patient } from '../frame/patient.ts'
import { useMay, useNames } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Initials, Lock, StageMark } from '../parts/marks.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'
import { sentBy } from '../parts/sent-by.ts'
import { FavouriteStar } from './favourite.tsx'
import { useFocusBack } from './inline.tsx'
import { stages } from './person-details.tsx'
import { PersonPhoto } from './photo.tsx'
import { RecordActions } from './record-actions.tsx'
import { type OfKind, useThrowAway } from './use-record.ts'

const EraseForm = lazy(patient(() => import('../erasing/erase-form.tsx')))

type Change = { givenName?: string; familyName?: string; name?: string } & {
  stage?: (typeof stages)[number]
  ownerId?: string
}
type HeadOf = {
  kind: RecordKind
  record: OfKind[RecordKind]['record']
  edit: (change: Change) => Promise<boolean>
  canEdit: boolean
}

/** Who it is, how far we are with them and whose they are: each changed where it stands. */
export function Head({
  place,
  close,
  ...head
}: HeadOf & { place: 'panel' | 'page'; close: () => void }) {
  const { kind, record } = head
  const size = place === 'page' ? 48 : 40
  return (
    <>
      <Bar kind={kind} record={record} place={place} close={close} />
      <header className="k-record-head">
        {kind === 'people' ? (
          <PersonPhoto person={record as OfKind['people']['record']} size={size} />
        ) : (
          <Initials name={record.displayName} id={record.id} size={size} isCompany />
        )}
        <div style={{ minWidth: 0, flex: 1 }}>
          <EditableName {...head} title={place === 'page' ? 'h1' : 'h2'} />
          <div className="k-record-line">
            <StageChoice {...head} />
            <OwnerChoice {...head} />
            {record.emails[0] && (
              <a href={`mailto:${record.emails[0].value}`}>{record.emails[0].value}</a>
            )}
            {record.phones[0] && (
              <a href={telLink(record.phones[0].value)}>{groupDigits(record.phones[0].value)}</a>
            )}
          </div>
        </div>
      </header>
      <LooksLike kind={kind} id={record.id} name={record.displayName} />
    </>
  )
}

function Bar({
  kind,
  record,
  place,
  close,
}: Pick<HeadOf, 'kind' | 'record'> & { place: 'panel' | 'page'; close: () => void }) {
  const t = useWords()
  const may = useMay()
  const throwAway = useThrowAway(kind, record, close)
  const [isMerging, setMerging] = useState(false)
  const [isErasing, setErasing] = useState(false)
  const navigate = useNavigate()
  const openFull = (event: MouseEvent) => {
    // With a key held down the browser opens its own tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void navigate({ to: `/${kind}/$id`, params: { id: record.id } })
  }
  return (
    <div className={place === 'page' ? 'k-topline' : 'k-panel-bar'}>
      {place === 'page' && (
        <Button
          component={Link}
          to={`/${kind}`}
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconArrowLeft size={15} aria-hidden />}
        >
          {t(kind)}
        </Button>
      )}
      <span style={{ flex: 1 }} />
      <FavouriteStar kind={kind} id={record.id} />
      {isMerging && <MergeWith kind={kind} record={record} close={() => setMerging(false)} />}
      {isErasing && (
        <Suspense fallback={null}>
          <EraseForm kind={kind} record={record} close={() => setErasing(false)} />
        </Suspense>
      )}
      <RecordActions kind={kind} record={record} place={place} close={close} />
      {[`${kind}:edit`, `${kind}:delete`, 'erasures:run'].some(may) && (
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={t('more')}>
              <IconDots size={18} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {may(`${kind}:edit`) && (
              <Menu.Item
                leftSection={<IconArrowMerge size={15} aria-hidden />}
                onClick={() => setMerging(true)}
              >
                {t('mergeWith')}
              </Menu.Item>
            )}
            {may(`${kind}:delete`) && (
              <Menu.Item leftSection={<IconTrash size={15} aria-hidden />} onClick={throwAway}>
                {t('toTrash')}
              </Menu.Item>
            )}
            {may('erasures:run') && (
              <Menu.Item
                color="red"
                leftSection={<IconEraser size={15} aria-hidden />}
                onClick={() => setErasing(true)}
              >
                {t('erase')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {place === 'panel' && (
        <>
          <ActionIcon
            component="a"
            href={`/${kind}/${record.id}`}
            onClick={openFull}
            size="lg"
            aria-label={t('openFull')}
          >
            <IconArrowsDiagonal size={17} stroke={1.7} />
          </ActionIcon>
          <ActionIcon size="lg" aria-label={t('close')} onClick={close}>
            <IconX size={18} stroke={1.7} />
          </ActionIcon>
        </>
      )}
    </div>
  )
}

/** The name as a heading; a click or Enter makes it the fields it is made of. */
function EditableName({
  kind,
  record,
  edit,
  canEdit,
  title: Title,
}: HeadOf & { title: 'h1' | 'h2' }) {
  const t = useWords()
  const [typed, setTyped] = useState<Record<string, string>>()
  const [isSaving, setSaving] = useState(false)
  const { button, wantFocus } = useFocusBack(typed !== undefined)
  const fields = nameFields(kind, record)
  const finish = async (isFocusKept: boolean) => {
    if (!typed || isSaving) return
    const changed = fields.filter(({ field, value }) => typed[field]!.trim() !== value)
    if (changed.length > 0) {
      setSaving(true)
      const change = Object.fromEntries(changed.map(({ field }) => [field, typed[field]!.trim()]))
      const isSaved = await edit(change)
      setSaving(false)
      if (!isSaved) return
    }
    if (isFocusKept) wantFocus()
    setTyped(undefined)
  }
  if (!canEdit) return <Title>{record.displayName}</Title>
  if (!typed)
    return (
      <Title className="k-title">
        <button
          ref={button}
          type="button"
          className="k-value"
          onClick={() =>
            setTyped(Object.fromEntries(fields.map(({ field, value }) => [field, value])))
          }
        >
          {record.displayName}
        </button>
        <Lock teamId={record.teamId} />
      </Title>
    )
  return (
    <form
      noValidate
      style={{ display: 'flex', gap: 6 }}
      onSubmit={sentBy(() => void finish(true))}
      onBlur={(event: FocusEvent<HTMLFormElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) void finish(false)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        wantFocus()
        setTyped(undefined)
      }}
    >
      {fields.map(({ field }, at) => (
        <TextInput
          key={field}
          autoFocus={at === 0}
          style={{ flex: 1, minWidth: 0 }}
          aria-label={t(field === 'name' ? 'companyName' : field)}
          placeholder={t(field === 'name' ? 'companyName' : field)}
          maxLength={200}
          autoComplete="off"
          value={typed[field]}
          onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })}
        />
      ))}
      {/* Enter in either field saves both only where the form has a button. */}
      <button type="submit" hidden />
    </form>
  )
}

type NameField = 'givenName' | 'familyName' | 'name'
function nameFields(
  kind: RecordKind,
  record: OfKind[RecordKind]['record'],
): { field: NameField; value: string }[] {
  if (kind === 'companies')
    return [{ field: 'name', value: (record as OfKind['companies']['record']).name }]
  const { givenName, familyName } = record as OfKind['people']['record']
  return [
    { field: 'givenName', value: givenName },
    { field: 'familyName', value: familyName },
  ]
}

function StageChoice({ record, edit, canEdit }: HeadOf) {
  const t = useWords()
  const mark = <StageMark stage={record.stage} />
  if (!canEdit) return mark
  return (
    <Choice label={`${t('stage')}: ${t(`stage.${record.stage}`)}`} shown={mark}>
      {stages.map((stage) => (
        <Menu.Item key={stage} onClick={() => stage !== record.stage && void edit({ stage })}>
          <StageMark stage={stage} />
        </Menu.Item>
      ))}
    </Choice>
  )
}

function OwnerChoice({ record, edit, canEdit }: HeadOf) {
  const t = useWords()
  const names = useNames()
  const name = names.user(record.ownerId)
  if (!canEdit) return <span className="k-dim">{name}</span>
  return (
    <Choice label={`${t('owner')}: ${name}`} shown={<span className="k-dim">{name}</span>}>
      {names.colleagues
        .filter((one) => one.status === 'active')
        .map((one) => (
          <Menu.Item
            key={one.id}
            onClick={() => one.id !== record.ownerId && void edit({ ownerId: one.id })}
          >
            {one.name}
          </Menu.Item>
        ))}
    </Choice>
  )
}

function Choice({
  label,
  shown,
  children,
}: {
  label: string
  shown: ReactNode
  children: ReactNode
}) {
  return (
    <Menu position="bottom-start" shadow="md" width={200}>
      <Menu.Target>
        <button type="button" className="k-choose" aria-label={label}>
          {shown}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {children}
      </Menu.Dropdown>
    </Menu>
  )
}
