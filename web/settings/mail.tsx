import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { MailState, MailWish } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Section } from './settings.tsx'

const wishKey = ['notifications', 'mail']
const wishes = ['soon', 'daily', 'never'] as const

/** How the colleague wants to hear of notifications; said plainly where no mail can be sent. */
export function MailWishChoice() {
  const t = useWords()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: wishKey,
    queryFn: () => ask<MailWish>('GET', '/api/notifications/mail'),
  })
  if (!data) return null
  const choose = async (wish: string) => {
    queries.setQueryData(wishKey, { ...data, wish })
    await ask<MailWish>('PATCH', '/api/notifications/mail', { body: { wish } }).catch(
      (error: unknown) => {
        queries.setQueryData(wishKey, data)
        tellRefusal(t, error)
      },
    )
  }
  return (
    <Section title={t('mailWish')} text={data.isSet ? t('mailWishText') : t('mailNotSet')}>
      {data.isSet && (
        <SegmentedControl
          aria-label={t('mailWish')}
          value={data.wish}
          onChange={(next) => void choose(next)}
          data={wishes.map((value) => ({ value, label: t(`mailWish.${value}`) }))}
        />
      )}
    </Section>
  )
}

const stateKey = ['mail']

export function MailServer() {
  const t = useWords()
  const queries = useQueryClient()
  const [isSending, setSending] = useState(false)
  const { data } = useQuery({
    queryKey: stateKey,
    queryFn: () => ask<MailState>('GET', '/api/mail'),
  })
  if (!data) return null
  const { server, from, lastSentAt, lastProblem } = data
  if (!server || !from)
    return (
      <Section title={t('mailServer')} text={t('mailServerMissing')}>
        {null}
      </Section>
    )
  const test = async () => {
    setSending(true)
    try {
      const after = await ask<MailState>('POST', '/api/mail/test')
      queries.setQueryData(stateKey, after)
      if (!after.lastProblem) tell(t('mailTestSent'))
    } catch (error) {
      tellRefusal(t, error)
    } finally {
      setSending(false)
    }
  }
  return (
    <Section title={t('mailServer')} text={t('mailServerText', { server, from })}>
      {lastProblem ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t('mailProblem', { said: lastProblem })}
        </Text>
      ) : (
        lastSentAt && (
          <Text size="sm" c="dimmed">
            {t('mailLastSent', { when: t.ago(lastSentAt) })}
          </Text>
        )
      )}
      <Group mt="xs">
        <Button
          variant="default"
          leftSection={<IconSend size={15} aria-hidden />}
          loading={isSending}
          onClick={() => void test()}
        >
          {t('mailTest')}
        </Button>
      </Group>
    </Section>
  )
}
