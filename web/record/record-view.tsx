import { Tabs } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Fragment, lazy, type ReactNode, Suspense, useEffect } from 'react'
import { Refusal } from '../api/client.ts'
import type { DossierKind, RecordKind } from '../api/shapes.ts'
import { Merges } from '../duplicates/merges.tsx'
import { Broken } from '../frame/broken.tsx'
import { useKeys } from '../frame/keys.ts'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { JointDossiersOf } from '../joint/joint-dossiers-of.tsx'
import { useWords, type Word } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { TasksOf } from '../tasks/task-list.tsx'
import { Affiliations } from './affiliations.tsx'
import { ConflictDialog } from './conflict.tsx'
import { Files } from './files.tsx'
import { Head } from './head.tsx'
import { Openings } from './openings.tsx'
import { CompanyDetails, PersonDetails } from './person-details.tsx'
import { Relations } from './relations.tsx'
import { useColleaguesChanges } from './revision.ts'
import { Timeline } from './timeline.tsx'
import { type OfKind, useRecord, useRecordEdit } from './use-record.ts'

const Erased = lazy(patient(() => import('../erasing/erased.tsx')))

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
  useColleaguesChanges(kind, id, record?.rowVersion)
  const isPhone = useIsPhone()
  useEffect(() => {
    const before = document.title
    // Not the customer's name: titles stay in the browser's history.
    document.title = `${t(kind)} · Kluis`
    return () => {
      document.title = before
    }
  }, [kind, t])
  if (found.error instanceof Refusal && found.error.code === 'record-erased')
    return (
      <Suspense fallback={<Lines />}>
        <Erased kind={kind} id={id} place={place} close={close} />
      </Suspense>
    )
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
      <Head
        kind={kind}
        record={record}
        place={place}
        close={close}
        edit={edit as never}
        canEdit={canEdit}
      />
      {place === 'page' && !isPhone ? (
        <div className="k-record-columns">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('details')} tabIndex={0}>
            {details}
          </section>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('timeline')} tabIndex={0}>
            <DossierTabs kind={kind} id={id} teamId={record.teamId} />
          </section>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="k-scroll" aria-label={t('details')} tabIndex={0}>
          <DossierTabs kind={kind} id={id} teamId={record.teamId} details={details} />
        </section>
      )}
      {conflict && <ConflictDialog kind={kind} conflict={conflict} settle={settle} />}
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
        <Relations kind="people" id={person.id} name={person.displayName} canEdit={canEdit} />
        <JointDossiersOf person={person} canEdit={canEdit} />
      </>
    )
  }
  const company = record as OfKind['companies']['record']
  return (
    <>
      <CompanyDetails record={company} edit={edit as never} canEdit={canEdit} />
      <Affiliations kind="companies" id={company.id} canEdit={canEdit} />
      <Relations kind="companies" id={company.id} name={company.displayName} canEdit={canEdit} />
    </>
  )
}

/** What hangs on a dossier, a tab each; on a phone and in a panel the details are the first. */
export function DossierTabs({
  kind,
  id,
  teamId,
  details,
  isEnded = false,
}: {
  kind: DossierKind
  id: string
  teamId: string | undefined
  details?: ReactNode
  isEnded?: boolean
}) {
  const t = useWords()
  const may = useMay()
  const given = { kind, id, teamId, isEnded }
  const tabs: [string, Word, ReactNode][] = [
    ...(details ? [['details', 'details', details] as [string, Word, ReactNode]] : []),
    [
      'timeline',
      'timeline',
      <Fragment key="timeline">
        {kind !== 'joint-dossiers' && <Merges kind={kind} id={id} />}
        <Timeline {...given} />
      </Fragment>,
    ],
    ['notes', 'notes', <Timeline key="notes" {...given} only="note" />],
    ['tasks', 'tasks', <TasksOf key="tasks" {...given} />],
    ...(may('files:see')
      ? [['files', 'files', <Files key="files" {...given} />] as [string, Word, ReactNode]]
      : []),
    ...(may('openings:see') && kind !== 'joint-dossiers'
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
