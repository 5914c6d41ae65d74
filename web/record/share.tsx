import { Button, Checkbox, Group, Modal, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Company, Person, RecordKind, Shares, Viewers } from '../api/shapes.ts'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { lastDay } from '../rights/person-rights.tsx'
import '../language/late-rights.ts'
import '../style/rights.css'

const DAYS_30 = 30 * 86_400_000

/** With whom a record is shared and until when, and who sees it at all, by which rule. */
export function Share({
  kind,
  record,
  close,
}: {
  kind: RecordKind
  record: Person | Company
  close: () => void
}) {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const path = `/api/${kind}/${record.id}`
  const shares = useQuery({
    queryKey: [kind, 'shares', record.id],
    queryFn: () => ask<Shares>('GET', `${path}/shares`),
    staleTime: 0,
  })
  const refresh = () =>
    Promise.all(
      ['shares', 'viewers'].map((what) =>
        queries.invalidateQueries({ queryKey: [kind, what, record.id] }),
      ),
    )
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('shareTitle', { name: record.displayName })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {may(`${kind}:share`) && !record.isInTrash && (
        <ShareForm kind={kind} path={path} shared={refresh} />
      )}
      <Shared items={shares.data?.items ?? []} ended={refresh} />
      <WhoSees kind={kind} id={record.id} />
    </Modal>
  )
}

function ShareForm({
  kind,
  path,
  shared,
}: {
  kind: RecordKind
  path: string
  shared: () => Promise<unknown>
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { user } = useSession()
  const [to, setTo] = useState<string | null>(null)
  const [until, setUntil] = useState(() =>
    new Date(Date.now() + DAYS_30).toISOString().slice(0, 10),
  )
  const [mayEdit, setMayEdit] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const send = () => {
    const [what, id] = to!.split(' ')
    setBusy(true)
    ask('POST', `${path}/shares`, { body: { [what!]: id, until, mayEdit } })
      .then(async () => {
        tell(t('shareMade'))
        setTo(null)
        await shared()
      })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => setBusy(false))
  }
  return (
    <form noValidate onSubmit={sentBy(() => send())}>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('shareText')}
      </p>
      <Group align="flex-end" gap="sm">
        <Select
          searchable
          label={t('shareWith')}
          style={{ flex: '1 1 220px' }}
          data={[
            {
              group: t('colleaguesGroup'),
              items: names.colleagues
                .filter((one) => one.status === 'active' && one.id !== user.id)
                .map((one) => ({ value: `userId ${one.id}`, label: one.name })),
            },
            {
              group: t('teamsGroup'),
              items: names.teams.map((one) => ({ value: `teamId ${one.id}`, label: one.name })),
            },
          ]}
          value={to}
          onChange={setTo}
        />
        <DateField label={t('shareUntil')} value={until} change={setUntil} />
      </Group>
      <Group justify="space-between" mt="sm">
        <Checkbox
          size="sm"
          label={t('shareEdit')}
          disabled={!may(`${kind}:edit`)}
          checked={mayEdit}
          onChange={(event) => setMayEdit(event.currentTarget.checked)}
        />
        <Button type="submit" loading={isBusy} disabled={!to || until === ''}>
          {t('share')}
        </Button>
      </Group>
    </form>
  )
}

function Shared({ items, ended }: { items: Shares['items']; ended: () => Promise<unknown> }) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { user } = useSession()
  if (items.length === 0) return null
  const end = (id: string) =>
    ask('DELETE', `/api/shares/${id}`)
      .then(async () => {
        tell(t('shareEnded'))
        await ended()
      })
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <ul className="k-plain-list" style={{ marginTop: 14 }}>
      {items.map((one) => (
        <li key={one.id}>
          <span style={{ flex: 1, minWidth: 0 }}>
            {one.userId ? names.user(one.userId) : names.team(one.teamId)}
            {one.mayEdit && <span className="k-dim">, {t('mayEditIt')}</span>}
            <br />
            <span className="k-dim k-small">
              {t('sharedUntil', { day: lastDay(t.day, one.endsAt), who: names.user(one.by) })}
            </span>
          </span>
          {(one.by === user.id || one.userId === user.id || may('people:share')) && (
            <Button size="compact-xs" variant="default" onClick={() => void end(one.id)}>
              {t('shareEnd')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function WhoSees({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const names = useNames()
  const viewers = useQuery({
    queryKey: [kind, 'viewers', id],
    queryFn: () => ask<Viewers>('GET', `/api/${kind}/${id}/viewers`),
    staleTime: 0,
  })
  if (!viewers.data) return null
  return (
    <>
      <h3 style={{ margin: '18px 0 4px', fontSize: 13 }}>{t('whoSeesIt')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" tabIndex={0} aria-label={t('whoSeesIt')}>
        <table className="k-plain">
          <thead>
            <tr>
              <td />
              <th scope="col">{t('seesIt')}</th>
              <th scope="col">{t('mayEditIt')}</th>
            </tr>
          </thead>
          <tbody>
            {viewers.data.items.map((one) => (
              <tr key={one.userId}>
                <th scope="row">{names.user(one.userId)}</th>
                <td>{t(`rule.${one.seesBy}`)}</td>
                <td>{one.editsBy ? t(`rule.${one.editsBy}`) : t('no')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}
