import { ActionIcon, Button, Menu, Tabs } from '@mantine/core'
import { IconArrowLeft, IconArrowsDiagonal, IconDots, IconTrash, IconX } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type MouseEvent, type ReactNode, useEffect } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useKeys } from '../frame/keys.ts'
import { useMay, useNames } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import { Initials, Lines, StageMark } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { groupDigits } from '../parts/phone-number.ts'
import { TasksOf } from '../tasks/task-list.tsx'
import { Affiliations } from './affiliations.tsx'
import { ConflictDialog } from './conflict.tsx'
import { FavouriteStar } from './favourite.tsx'
import { Openings } from './openings.tsx'
import { CompanyDetails, PersonDetails } from './person-details.tsx'
import { Timeline } from './timeline.tsx'
import { type OfKind, useRecord, useRecordEdit, useThrowAway } from './use-record.ts'

/** One customer: beside the list (`panel`) or as a page of its own. */
export function RecordView({
  kind,
  id,
  place,
  close,
}: {
  kind: RecordKind
  id: string
  place: 'panel' | 'page'
  close: () => void
}) {
  const t = useWords()
  const may = useMay()
  const found = useRecord(kind, id)
  const { edit, conflict, settle } = useRecordEdit(kind, id)
  const record = found.data
  const isPhone = useIsPhone()
  useEffect(() => {
    const before = document.title
    // Not the customer's name: titles stay in the browser's history.
    document.title = `${t(kind)} · Kluis`
    return () => {
      document.title = before
    }
  }, [kind, t])
  if (found.error && !record) return <Broken error={found.error} />
  if (!record)
    return (
      <div style={{ padding: 24 }}>
        <Lines count={8} />
      </div>
    )
  const canEdit = may(`${kind}:edit`)
  const details = <Details kind={kind} record={record} edit={edit} canEdit={canEdit} />
  return (
    <article className="k-record" aria-label={record.displayName}>
      <Head kind={kind} record={record} place={place} close={close} />
      {place === 'page' && !isPhone ? (
        <div className="k-record-columns">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('details')} tabIndex={0}>
            {details}
          </section>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('timeline')} tabIndex={0}>
            <RecordTabs kind={kind} id={id} />
          </section>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="k-scroll" aria-label={t('details')} tabIndex={0}>
          <RecordTabs kind={kind} id={id} details={details} />
        </section>
      )}
      {conflict && <ConflictDialog conflict={conflict} settle={settle} />}
    </article>
  )
}

function Details({
  kind,
  record,
  edit,
  canEdit,
}: {
  kind: RecordKind
  record: OfKind[RecordKind]['record']
  edit: (change: never) => Promise<boolean>
  canEdit: boolean
}) {
  if (kind === 'people') {
    const person = record as OfKind['people']['record']
    return (
      <>
        <PersonDetails record={person} edit={edit as never} canEdit={canEdit} />
        <Affiliations kind="people" id={person.id} canEdit={canEdit} />
      </>
    )
  }
  const company = record as OfKind['companies']['record']
  return (
    <>
      <CompanyDetails record={company} edit={edit as never} canEdit={canEdit} />
      <Affiliations kind="companies" id={company.id} canEdit={canEdit} />
    </>
  )
}

function Head({
  kind,
  record,
  place,
  close,
}: {
  kind: RecordKind
  record: OfKind[RecordKind]['record']
  place: 'panel' | 'page'
  close: () => void
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const throwAway = useThrowAway(kind, record, close)
  const navigate = useNavigate()
  const openFull = (event: MouseEvent) => {
    // With a key held down the browser opens its own tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void navigate({ to: `/${kind}/$id`, params: { id: record.id } })
  }
  const Title = place === 'page' ? 'h1' : 'h2'
  return (
    <>
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
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={t('more')}>
              <IconDots size={18} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconTrash size={15} aria-hidden />}
              disabled={!may(`${kind}:delete`)}
              onClick={throwAway}
            >
              {t('toTrash')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
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
      <header className="k-record-head">
        <Initials
          name={record.displayName}
          id={record.id}
          size={place === 'page' ? 48 : 40}
          isCompany={kind === 'companies'}
        />
        <div style={{ minWidth: 0 }}>
          <Title>{record.displayName}</Title>
          <div className="k-record-line">
            <StageMark stage={record.stage} />
            <span className="k-dim">{names.user(record.ownerId)}</span>
            {record.emails[0] && (
              <a href={`mailto:${record.emails[0].value}`}>{record.emails[0].value}</a>
            )}
            {record.phones[0] && (
              <a href={`tel:${record.phones[0].value}`}>{groupDigits(record.phones[0].value)}</a>
            )}
          </div>
        </div>
      </header>
    </>
  )
}

function RecordTabs({ kind, id, details }: { kind: RecordKind; id: string; details?: ReactNode }) {
  const t = useWords()
  const may = useMay()
  const tabs: [string, Word, ReactNode][] = [
    ...(details ? [['details', 'details', details] as [string, Word, ReactNode]] : []),
    ['timeline', 'timeline', <Timeline key="timeline" kind={kind} id={id} />],
    ['notes', 'notes', <Timeline key="notes" kind={kind} id={id} only="note" />],
    ['tasks', 'tasks', <TasksOf key="tasks" kind={kind} id={id} />],
    ...(may('openings:see')
      ? [
          ['openings', 'openings', <Openings key="openings" kind={kind} id={id} />] as [
            string,
            Word,
            ReactNode,
          ],
        ]
      : []),
  ]
  return (
    <Tabs defaultValue={tabs[0]![0]} keepMounted={false}>
      <Tabs.List
        px={16}
        style={{
          position: 'sticky',
          top: 0,
          zIndex: 2,
          background: 'var(--k-sheet)',
          flexWrap: 'nowrap',
          overflowX: 'auto',
          overflowY: 'hidden',
        }}
      >
        {tabs.map(([value, word]) => (
          <Tabs.Tab key={value} value={value} px={10} fz={13} style={{ flex: 'none' }}>
            {t(word)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(([value, , body]) => (
        <Tabs.Panel
          key={value}
          value={value}
          className={value === 'details' ? '' : 'k-tabs-body'}
          px={value === 'details' ? 10 : undefined}
        >
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** The page of one customer. Escape leads back to the list as it was left. */
export function RecordPage({ kind, id }: { kind: RecordKind; id: string }) {
  const navigate = useNavigate()
  const close = () => void navigate({ to: `/${kind}` })
  useKeys({ Escape: close })
  return (
    <main className="k-record">
      <RecordView key={id} kind={kind} id={id} place="page" close={close} />
    </main>
  )
}

export function RecordPanel({
  kind,
  id,
  close,
}: {
  kind: RecordKind
  id: string
  close: () => void
}) {
  return (
    <aside className="k-panel">
      <RecordView key={id} kind={kind} id={id} place="panel" close={close} />
    </aside>
  )
}
