/** Asks the person at the screen to prove who they are, and gives the grant to the request that waits for it. */
import { sentBy } from '../parts/sent-by.ts'
import '../language/late-grants.ts'
import { Button, Modal, PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useCallback, useEffect, useState } from 'react'
import { ask, type Given, type GrantAsked, Refusal } from '../api/client.ts'
import type { Operation, StepUpWays } from '../api/shapes.ts'
import { Problem } from '../entrance/entrance.tsx'
import { signWithPasskey } from '../entrance/passkeys.ts'
import { useWords } from '../language/words.tsx'
import { refusalText } from '../parts/tell.tsx'
import { type Came, Elsewhere } from './step-up-elsewhere.tsx'

type Props = GrantAsked & { give: (given: Given) => void; leave: (why: unknown) => void }
type Code = { kind: 'totp' | 'recovery'; password: string; code: string }

export default function StepUp({ refusal, isForDownload, give, leave }: Props) {
  const t = useWords()
  const { operation, request } = refusal.detail as { operation: Operation; request: string }
  const [ways, setWays] = useState<StepUpWays>()
  const [isRecovering, setRecovering] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const begin = useCallback(
    () =>
      ask<StepUpWays>('POST', '/api/step-up/options', { body: { operation, request } }).then(
        setWays,
        (error: unknown) => setProblem(refusalText(t, error)),
      ),
    [operation, request, t],
  )
  useEffect(() => void begin(), [begin])
  const prove = async (proof: () => Promise<object>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const body = { operation, request, proof: await proof(), isForDownload }
      const { grant } = await ask<{ grant: string | null }>('POST', '/api/step-up', { body })
      give({ 'kluis-grant': grant ?? '' })
    } catch (error) {
      setProblem(refusalText(t, error))
      // A challenge lasts minutes: whoever looked elsewhere meanwhile gets a new one.
      if (error instanceof Refusal && error.code === 'sign-in-expired') await begin()
    }
    setBusy(false)
  }
  const passkey = ways?.passkey
  const withPasskey = (given: NonNullable<StepUpWays['passkey']>) =>
    prove(async () => ({
      kind: 'passkey',
      ceremony: given.ceremony,
      credential: await signWithPasskey(given.options),
    }))
  const withCode = (given: Code | Came) => void prove(async () => given)
  const hasWay = ways && (ways.passkey || ways.hasTotp || ways.mayRecover || ways.provider)
  return (
    <Modal
      opened
      onClose={() => leave(new Refusal('step-up-cancelled', 0))}
      closeButtonProps={{ 'aria-label': t('close') }}
      title={t('stepUpTitle')}
      size={420}
    >
      <p style={{ marginTop: 0 }}>{t(`operation.${operation}`)}</p>
      {!ways && !problem && <Skeleton height={42} />}
      {passkey && !isRecovering && (
        <>
          <Button
            autoFocus
            fullWidth
            size="md"
            fz={14}
            leftSection={<IconFingerprint size={19} stroke={1.7} aria-hidden />}
            loading={isBusy}
            onClick={() => void withPasskey(passkey)}
          >
            {t('stepUpPasskey')}
          </Button>
          <Problem text={problem} />
        </>
      )}
      {ways && !passkey && ways.hasTotp && !isRecovering && (
        <CodeForm kind="totp" isBusy={isBusy} problem={problem} send={withCode} />
      )}
      {ways?.provider && !isRecovering && (
        <Elsewhere
          key={ways.provider.ceremony}
          provider={ways.provider}
          asked={{ operation, request }}
          isBusy={isBusy}
          problem={ways.hasTotp ? undefined : problem}
          send={withCode}
        />
      )}
      {isRecovering && (
        <CodeForm kind="recovery" isBusy={isBusy} problem={problem} send={withCode} />
      )}
      {ways && !hasWay && <p role="alert">{t('stepUpNoWay')}</p>}
      {!ways && <Problem text={problem} />}
      <p className="k-dim k-small">{t('stepUpOnce')}</p>
      {ways?.hasTotp && operation !== 'change-factors' && (
        <p className="k-dim k-small">{t('stepUpFaster')}</p>
      )}
      {ways?.mayRecover && !isRecovering && (
        <Button fullWidth variant="subtle" color="gray" onClick={() => setRecovering(true)}>
          {t('stepUpLost')}
        </Button>
      )}
    </Modal>
  )
}

function CodeForm({
  kind,
  isBusy,
  problem,
  send,
}: {
  kind: Code['kind']
  isBusy: boolean
  problem: string | undefined
  send: (given: Code) => void
}) {
  const t = useWords()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  return (
    <form
      noValidate
      onSubmit={sentBy(() => {
        send({ kind, password, code: code.trim() })
        setCode('')
      })}
    >
      <PasswordInput
        autoFocus
        label={t('password')}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        label={t(kind === 'totp' ? 'stepUpCode' : 'recoveryCode')}
        description={kind === 'totp' ? t('stepUpCodeHint') : undefined}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoComplete="one-time-code"
        maxLength={40}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Problem text={problem} />
      <Button
        type="submit"
        fullWidth
        mt="md"
        loading={isBusy}
        disabled={code.trim().length < 6 || password === ''}
      >
        {t('stepUpConfirm')}
      </Button>
    </form>
  )
}
