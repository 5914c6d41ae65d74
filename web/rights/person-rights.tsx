import { Modal, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Colleague, Look, PastReviews, PersonRights } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useMay, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { matrix } from './right-lists.ts'
import { rightText } from './right-text.ts'
import '../language/late-rights.ts'
import '../style/rights.css'

export const rightsQuery = (id: string) => ({
  queryKey: ['rights', 'person', id],
  queryFn: () => ask<PersonRights>('GET', `/api/rights/people/${id}`),
  staleTime: 0,
})

/** What a colleague may do and by which rule, as PostgreSQL answers it; and what they see, without opening anything. */
export function PersonRightsDialog({ who, close }: { who: Colleague; close: () => void }) {
  const t = useWords()
  const may = useMay()
  const isPhone = useIsPhone()
  const rights = useQuery(rightsQuery(who.id))
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      fullScreen={isPhone}
      title={t('rightsOf', { name: who.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {rights.error && <Broken error={rights.error} />}
      {rights.isPending && <Lines />}
      {rights.data && (
        <Tabs defaultValue="rights" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="rights">{t('viewRights')}</Tabs.Tab>
            {may('rights:see') && <Tabs.Tab value="look">{t('lookAs')}</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="rights">
            <RightsList rights={rights.data} />
            <Past id={who.id} />
          </Tabs.Panel>
          <Tabs.Panel value="look">
            <LookAs id={who.id} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  )
}

const counted = ['owned', 'ofTeams', 'ofAll', 'shared', 'mayEdit'] as const

function RightsList({ rights }: { rights: PersonRights }) {
  const t = useWords()
  const names = useNames()
  const roleName = useRoleName()
  const watched = new Set(rights.watched)
  const isOfRecords = ({ permission }: { permission: string }) =>
    permission.split(':')[0]! in matrix
  const byObject = Map.groupBy(
    rights.permissions.filter(isOfRecords),
    ({ permission }) => permission.split(':')[0]!,
  )
  const others = rights.permissions.filter((one) => !isOfRecords(one))
  return (
    <>
      <h3>{t('howMany')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" tabIndex={0} aria-label={t('howMany')}>
        <table className="k-plain">
          <thead>
            <tr>
              <td />
              {counted.map((by) => (
                <th scope="col" key={by}>
                  {t(`countOf.${by}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rights.counts.map((one) => (
              <tr key={one.kind}>
                <th scope="row">
                  {t(one.kind === 'person' ? 'object.people' : 'object.companies')}
                </th>
                {counted.map((by) => (
                  <td key={by}>{t.number(one[by])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <h3>{t('throughRole', { role: roleName(rights.roleId) })}</h3>
      <ul className="k-rights-list">
        {[...byObject].map(([object, permissions]) => (
          <li key={object}>
            {t.known(`object.${object}`) ?? object}:{' '}
            {permissions.map(({ permission, reach, lastOn }, at) => (
              <span key={permission}>
                {at > 0 && ', '}
                {t.known(`action.${permission.split(':')[1]}`)} ({t(`reach.${reach}`)}
                {watched.has(permission) && (
                  <span className="k-dim k-small">
                    {', '}
                    {lastOn ? t('rightUsed', { day: t.day(lastOn) }) : t('neverUsed')}
                  </span>
                )}
                )
              </span>
            ))}
          </li>
        ))}
        {others.map(({ permission }) => (
          <li key={permission}>{rightText(t, permission)}</li>
        ))}
      </ul>
      <h3>{t('teamsReached')}</h3>
      {rights.teams.length === 0 && <p className="k-dim">{t('noTeams')}</p>}
      <ul className="k-rights-list">
        {rights.teams.map(({ teamId, throughId }) => (
          <li key={`${teamId} ${throughId}`}>
            {teamId === throughId
              ? names.team(teamId)
              : t('teamThrough', { team: names.team(teamId), through: names.team(throughId) })}
          </li>
        ))}
      </ul>
      <h3>{t('sharedWithThem')}</h3>
      {rights.shares.length === 0 && <p className="k-dim">{t('nothingShared')}</p>}
      <ul className="k-rights-list">
        {rights.shares.map((one) => (
          <li key={one.id}>
            {one.subjectName || t('aRecord')}
            {one.teamId && ` (${names.team(one.teamId)})`}
            <span className="k-dim k-small">
              {' '}
              · {t('sharedUntil', { day: lastDay(t.day, one.endsAt), who: names.user(one.by) })}
              {one.mayEdit && `, ${t('mayEditIt')}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Who looked at these rights before, and what was taken away then. */
function Past({ id }: { id: string }) {
  const t = useWords()
  const names = useNames()
  const roleName = useRoleName()
  const { data } = useQuery({
    queryKey: ['rights', 'past', id],
    queryFn: () => ask<PastReviews>('GET', `/api/rights/people/${id}/reviews`),
    staleTime: 0,
  })
  if (!data || data.items.length === 0) return null
  return (
    <>
      <h3>{t('reviewsPast')}</h3>
      <ul className="k-rights-list">
        {data.items.map((one) => {
          const isSame =
            one.roleBefore === one.roleAfter &&
            one.teamsRemoved.length + one.sharesRemoved === 0 &&
            !one.isDisabled
          const removed = isSame
            ? t('nothingRemoved')
            : t('removedSome', {
                role: roleName(one.roleAfter),
                teams: t.number(one.teamsRemoved.length),
                shares: t.number(one.sharesRemoved),
              })
          return (
            <li key={one.id}>
              {t('reviewPastLine', { day: t.instant(one.at), who: names.user(one.by), removed })}
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** It ends as its last day does: at the first moment of the next. */
export function lastDay(day: (value: string) => string, endsAt: string): string {
  const last = new Date(new Date(endsAt).getTime() - 1)
  const two = (part: number) => String(part).padStart(2, '0')
  return day(`${last.getFullYear()}-${two(last.getMonth() + 1)}-${two(last.getDate())}`)
}

function LookAs({ id }: { id: string }) {
  const t = useWords()
  const names = useNames()
  const [kind, setKind] = useState('person')
  const look = useQuery({
    queryKey: ['rights', 'look', id, kind],
    queryFn: () =>
      ask<Look>('GET', `/api/rights/people/${id}/look`, { query: { kind, limit: 100 } }),
    staleTime: 0,
  })
  return (
    <>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('lookAsText')}
      </p>
      <Tabs value={kind} onChange={(next) => next && setKind(next)} mb="sm">
        <Tabs.List>
          <Tabs.Tab value="person">{t('object.people')}</Tabs.Tab>
          <Tabs.Tab value="company">{t('object.companies')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {look.error && <Broken error={look.error} />}
      {look.isPending && <Lines />}
      {look.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="k-table-scroll" tabIndex={0} aria-label={t('lookAs')}>
          <table className="k-plain">
            <thead>
              <tr>
                <th scope="col">{t('stage')}</th>
                <th scope="col">{t('owner')}</th>
                <th scope="col">{t('team')}</th>
                <th scope="col">{t('rule')}</th>
                <th scope="col">{t('action.edit')}</th>
              </tr>
            </thead>
            <tbody>
              {look.data.items.map((one) => (
                <tr key={one.id}>
                  <td>{t.known(`stage.${one.stage}`) ?? one.stage}</td>
                  <td>{names.user(one.ownerId)}</td>
                  <td>{names.team(one.teamId)}</td>
                  <td>{t(`rule.${one.rule}`)}</td>
                  <td>{t(one.mayEdit ? 'yes' : 'no')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}
