/** Whoever signs in at the organisation's provider proves there who they are, in a tab of its own; this one waits. */
import { Button, TextInput } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { StepUpElsewhere, StepUpWays } from '../api/shapes.ts'
import { Problem } from '../entrance/entrance.tsx'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'

export type Came = { kind: 'provider'; ceremony: string; code: string }

const LOOK_MS = 1_000

export function Elsewhere({
  provider: { name, url, ceremony },
  asked,
  isBusy,
  problem,
  send,
}: {
  provider: NonNullable<StepUpWays['provider']>
  asked: { operation: string; request: string }
  isBusy: boolean
  problem: string | undefined
  send: (given: Came) => void
}) {
  const t = useWords()
  const [isGone, setGone] = useState(false)
  const [code, setCode] = useState('')
  const { data } = useQuery({
    queryKey: ['step-up', ceremony],
    queryFn: () =>
      ask<StepUpElsewhere>('POST', '/api/step-up/elsewhere', { body: { ...asked, ceremony } }),
    enabled: isGone,
    refetchInterval: (query) => (query.state.data?.isBack ? false : LOOK_MS),
    // They are in the other tab.
    refetchIntervalInBackground: true,
  })
  const isDone = data?.isBack === true && !data.asksCode
  // Once: `send` is another function at each render.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said
  useEffect(() => {
    if (isDone) send({ kind: 'provider', ceremony, code: '' })
  }, [isDone, ceremony])
  if (data?.asksCode)
    return (
      <form
        noValidate
        onSubmit={sentBy(() => {
          send({ kind: 'provider', ceremony, code: code.trim() })
          setCode('')
        })}
      >
        <TextInput
          autoFocus
          label={t('stepUpCode')}
          description={t('stepUpCodeHint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Problem text={problem} />
        <Button type="submit" fullWidth mt="md" loading={isBusy} disabled={code.trim().length < 6}>
          {t('stepUpConfirm')}
        </Button>
      </form>
    )
  return (
    <>
      <Button
        component="a"
        href={url}
        target="_blank"
        rel="noopener"
        fullWidth
        size="md"
        fz={14}
        variant={isGone ? 'default' : 'filled'}
        leftSection={<IconExternalLink size={19} stroke={1.7} aria-hidden />}
        onClick={() => setGone(true)}
      >
        {t('stepUpElsewhere', { name })}
      </Button>
      {isGone && (
        <p role="status" className="k-dim k-small">
          {t('stepUpWaiting')}
        </p>
      )}
      <Problem text={problem} />
    </>
  )
}
