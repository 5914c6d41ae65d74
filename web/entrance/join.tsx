import { Button, Group, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { Enrolled, Enrolment, JoinState } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText } from '../parts/tell.tsx'
import { AfterEnrolment, ChooseFactor } from './enrol.tsx'
import { Entrance, Problem, Steps } from './entrance.tsx'
import '../language/late-access.ts'

/** Behind the link of an invitation, or of a factor that was reset. */
export function Join() {
  return (
    <Entrance>
      <JoinSteps />
    </Entrance>
  )
}

function JoinSteps() {
  const t = useWords()
  const { token } = useParams({ from: '/join/$token' })
  const path = `/api/join/${encodeURIComponent(token)}`
  const [enrolled, setEnrolled] = useState<Enrolled>()
  const [name, setName] = useState<string>()
  const [isNamed, setNamed] = useState(false)
  const [code, setCode] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const invite = useQuery({
    queryKey: ['join', token],
    queryFn: () => ask<JoinState>('GET', path),
    enabled: !enrolled,
  })
  if (enrolled)
    return (
      <>
        <Steps count={3} done={3} />
        <AfterEnrolment enrolled={enrolled} into={() => location.assign('/people')} />
      </>
    )
  if (invite.isPending) return <Lines />
  if (invite.error)
    return (
      <>
        <h1>
          {t(
            invite.error instanceof Refusal && invite.error.code === 'no-connection'
              ? 'pageBroken'
              : 'inviteGone',
          )}
        </h1>
        <p>{refusalText(t, invite.error)}</p>
      </>
    )
  const typed = name ?? invite.data.name
  if (invite.data.needsCode && code === undefined)
    return <RecoveryCode problem={problem} next={setCode} />
  if (!isNamed)
    return (
      <form noValidate onSubmit={sentBy(() => setNamed(true))}>
        <Steps count={3} done={1} />
        <h1>{t('joinTitle', { organisation: invite.data.organisation })}</h1>
        <p>{t('joinText', { email: invite.data.email })}</p>
        <TextInput
          autoFocus
          required
          label={t('yourName')}
          autoComplete="name"
          maxLength={120}
          value={typed}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button type="submit" disabled={typed.trim() === ''}>
            {t('next')}
          </Button>
        </Group>
      </form>
    )
  return (
    <>
      <Steps count={3} done={2} />
      <ChooseFactor
        asks={invite.data.asks}
        begin={(password) =>
          ask<Enrolment>('POST', path, {
            body: {
              name: typed.trim(),
              language: t.language,
              ...(password ? { password } : {}),
              ...(code ? { code } : {}),
            },
          }).catch((error: unknown) => {
            if (error instanceof Refusal && error.code === 'second-factor-wrong') {
              setProblem(refusalText(t, error))
              setCode(undefined)
            }
            throw error
          })
        }
        done={setEnrolled}
      />
    </>
  )
}

/** After a recovery: the half that did not come with the link. */
function RecoveryCode({
  problem,
  next,
}: {
  problem: string | undefined
  next: (code: string) => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  return (
    <form noValidate onSubmit={sentBy(() => next(typed.trim()))}>
      <h1>{t('joinCodeTitle')}</h1>
      <p>{t('joinCodeText')}</p>
      <TextInput
        autoFocus
        size="md"
        label={t('joinCode')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={20}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Problem text={problem} />
      <Group justify="flex-end" mt="lg">
        <Button type="submit" disabled={typed.replace(/[^a-z0-9]/gi, '').length < 10}>
          {t('next')}
        </Button>
      </Group>
    </form>
  )
}
