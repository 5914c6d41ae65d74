import { Badge, Button, Checkbox, Group, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { PersonRights, Reviews as ReviewList } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { colleaguesQuery, rolesQuery, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { unreadQuery } from '../notifications/unread.ts'
import { Lines } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Section } from '../settings/settings.tsx'
import { lastDay, rightsQuery } from './person-rights.tsx'
import { rightText } from './right-text.ts'
import '../language/late-rights.ts'
import '../style/rights.css'

const key = ['rights', 'reviews']
const DAYS_90 = 90 * 86_400_000

/** Whose rights are to be looked at this quarter; overdue ones stand first. */
export function Reviews() {
  const t = useWords()
  const names = useNames()
  const [openId, setOpenId] = useState<string>()
  const reviews = useQuery({
    queryKey: key,
    queryFn: () => ask<ReviewList>('GET', '/api/rights/reviews'),
    staleTime: 0,
  })
  if (reviews.error) return <Broken error={reviews.error} />
  if (!reviews.data) return <Lines />
  return (
    <Section title={t('reviews')} text={t('reviewsText')}>
      {reviews.data.items.length === 0 && <p className="k-dim">{t('noReviews')}</p>}
      {reviews.data.items.map((one) => (
        <article key={one.userId} className="k-review">
          <Group justify="space-between" gap="xs">
            <span style={{ minWidth: 0 }}>
              <strong>{names.user(one.userId)}</strong>
              <br />
              <span className="k-dim k-small">
                {t('reviewLast', { day: t.instant(one.reviewedAt) })}
              </span>
            </span>
            <Group gap="xs">
              <Badge variant="light" tt="none" fw={500} color={one.isOverdue ? 'red' : 'gray'}>
                {t(one.isOverdue ? 'reviewOverdue' : 'reviewDue', { day: t.day(one.dueOn) })}
              </Badge>
              {openId !== one.userId && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${t('doReview')}: ${names.user(one.userId)}`}
                  onClick={() => setOpenId(one.userId)}
                >
                  {t('doReview')}
                </Button>
              )}
            </Group>
          </Group>
          {openId === one.userId && (
            <OneReview userId={one.userId} done={() => setOpenId(undefined)} />
          )}
        </article>
      ))}
    </Section>
  )
}

function OneReview({ userId, done }: { userId: string; done: () => void }) {
  const rights = useQuery(rightsQuery(userId))
  if (rights.error) return <Broken error={rights.error} />
  if (!rights.data) return <Lines />
  return <ReviewForm rights={rights.data} done={done} />
}

function ReviewForm({ rights, done }: { rights: PersonRights; done: () => void }) {
  const t = useWords()
  const names = useNames()
  const roleName = useRoleName()
  const queries = useQueryClient()
  const roles = useQuery(rolesQuery).data?.items ?? []
  const own = rights.teams.filter(({ teamId, throughId }) => teamId === throughId)
  const shares = rights.shares.filter(({ teamId }) => teamId === null)
  const [roleId, setRoleId] = useState(rights.roleId)
  const [teams, setTeams] = useState(own.map(({ teamId }) => teamId))
  const [kept, setKept] = useState(shares.map(({ id }) => id))
  const [isLeaving, setLeaving] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const held = new Set(roles.find((one) => one.id === rights.roleId)?.permissions)
  // A role with something this one lacks would be refused.
  const narrower = roles.filter(({ permissions }) => permissions.every((one) => held.has(one)))
  const watched = new Set(rights.watched)
  const since = Date.now() - DAYS_90
  const unused = rights.permissions.filter(
    ({ permission, lastOn }) =>
      watched.has(permission) && lastOn !== null && new Date(lastOn).getTime() < since,
  )
  const confirm = () => {
    setBusy(true)
    ask('POST', '/api/rights/reviews', {
      body: {
        userId: rights.userId,
        roleId,
        teamsGone: own.map(({ teamId }) => teamId).filter((id) => !teams.includes(id)),
        sharesGone: shares.map(({ id }) => id).filter((id) => !kept.includes(id)),
        isLeaving,
      },
    })
      .then(async () => {
        tell(t('reviewed', { name: names.user(rights.userId) }))
        done()
        await Promise.all(
          [
            key,
            colleaguesQuery.queryKey,
            unreadQuery.queryKey,
            rightsQuery(rights.userId).queryKey,
          ].map((queryKey) => queries.invalidateQueries({ queryKey })),
        )
      })
      .catch((error: unknown) => {
        tellRefusal(t, error)
        setBusy(false)
      })
  }
  return (
    <form noValidate style={{ marginTop: 12 }} onSubmit={sentBy(() => confirm())}>
      <Select
        label={t('keepRole')}
        description={t('keepRoleText')}
        allowDeselect={false}
        data={narrower.map(({ id }) => ({ value: id, label: roleName(id) }))}
        value={roleId}
        onChange={(id) => id && setRoleId(id)}
      />
      {unused.length > 0 && (
        <p className="k-notice" role="note">
          {t('reviewUnused', {
            rights: unused.map(({ permission }) => rightText(t, permission)).join(', '),
          })}
        </p>
      )}
      <Checkbox.Group mt="md" label={t('keepTeams')} value={teams} onChange={setTeams}>
        {own.map(({ teamId }) => (
          <Checkbox key={teamId} mt={8} size="sm" value={teamId} label={names.team(teamId)} />
        ))}
      </Checkbox.Group>
      {shares.length > 0 && (
        <Checkbox.Group mt="md" label={t('keepShares')} value={kept} onChange={setKept}>
          {shares.map((one) => (
            <Checkbox
              key={one.id}
              mt={8}
              size="sm"
              value={one.id}
              label={`${one.subjectName || t('aRecord')}, ${t('sharedUntil', {
                day: lastDay(t.day, one.endsAt),
                who: names.user(one.by),
              })}`}
            />
          ))}
        </Checkbox.Group>
      )}
      <Checkbox
        mt="md"
        size="sm"
        label={t('reviewLeaving')}
        checked={isLeaving}
        onChange={(event) => setLeaving(event.currentTarget.checked)}
      />
      <Group mt="md" gap="xs">
        <Button type="submit" loading={isBusy}>
          {t('reviewConfirm')}
        </Button>
        <Button variant="default" onClick={done}>
          {t('cancel')}
        </Button>
      </Group>
    </form>
  )
}
