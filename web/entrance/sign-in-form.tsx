import { Button, PasswordInput, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { FoundProvider } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText } from '../parts/tell.tsx'
import { Problem } from './entrance.tsx'
import { canPasskey, signWithPasskey } from './passkeys.ts'
import { usePasskeyAutofill } from './use-passkey-autofill.ts'
import '../language/late-access.ts'

const ProviderOffer = lazy(patient(() => import('./provider.tsx')))

type Step = 'password' | 'totp' | 'recovery'

/**
 * A passkey, or e-mail and password followed by a code, or the provider of the organisation. The server decides; this
 * only asks. `stays`: the page under it is not left, whatever way one signs in.
 */
export function SignInForm({
  email: known,
  done,
  to = '/people',
  stays = false,
}: {
  email?: string
  done: () => void
  to?: string
  stays?: boolean
}) {
  const t = useWords()
  const [step, setStep] = useState<Step>('password')
  const [email, setEmail] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const [provider, setProvider] = useState<FoundProvider | null>(null)
  const [isOwnWay, setOwnWay] = useState(false)
  const isOffered = provider?.isRequired !== true || isOwnWay
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    await act().catch((error: unknown) => {
      setProblem(refusalText(t, error))
      setCode('')
    })
    setBusy(false)
  }
  const withPasskey = () =>
    attempt(async () => {
      const options = await ask<Record<string, unknown>>('POST', '/api/sign-in/passkey/options')
      await ask('POST', '/api/sign-in/passkey', {
        body: { credential: await signWithPasskey(options) },
      })
      done()
    })
  usePasskeyAutofill(step === 'password' && !isBusy, (credential) =>
    attempt(async () => {
      await ask('POST', '/api/sign-in/passkey', { body: { credential } })
      done()
    }),
  )
  const withPassword = () =>
    attempt(async () => {
      await ask('POST', '/api/sign-in', { body: { email: email.trim(), password } })
      setStep('totp')
    })
  const withCode = () =>
    attempt(async () => {
      await ask('POST', `/api/sign-in/${step}`, { body: { code: code.trim() } })
      done()
    })
  const beginAnew = () => {
    setStep('password')
    setPassword('')
    setCode('')
  }
  if (step !== 'password')
    return (
      <form noValidate key={step} onSubmit={sentBy(() => void withCode())}>
        <p>{t(step === 'totp' ? 'totpText' : 'recoveryText')}</p>
        <TextInput
          autoFocus
          size="md"
          label={t(step === 'totp' ? 'code' : 'recoveryCode')}
          inputMode={step === 'totp' ? 'numeric' : 'text'}
          autoComplete="one-time-code"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Problem text={problem} />
        <Button type="submit" fullWidth mt="md" loading={isBusy} disabled={code.trim().length < 6}>
          {t('signIn')}
        </Button>
        <Button
          fullWidth
          mt="xs"
          variant="subtle"
          color="gray"
          onClick={() => setStep(step === 'totp' ? 'recovery' : 'totp')}
        >
          {t(step === 'totp' ? 'useRecoveryCode' : 'useAppCode')}
        </Button>
        <Button fullWidth variant="subtle" color="gray" onClick={beginAnew}>
          {t('back')}
        </Button>
      </form>
    )
  return (
    <>
      {canPasskey() && isOffered && (
        <>
          <Button
            fullWidth
            size="md"
            fz={14}
            leftSection={<IconFingerprint size={19} stroke={1.7} aria-hidden />}
            loading={isBusy}
            onClick={() => void withPasskey()}
          >
            {t('signInPasskey')}
          </Button>
          <div className="k-or">{t('or')}</div>
        </>
      )}
      <form noValidate onSubmit={sentBy(() => void withPassword())}>
        <TextInput
          required
          type="email"
          label={t('yourEmail')}
          withAsterisk={false}
          autoComplete="username webauthn"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {email.includes('@') && (
          <Suspense>
            <ProviderOffer
              email={email}
              to={to}
              done={stays ? done : undefined}
              found={setProvider}
            />
          </Suspense>
        )}
        {isOffered ? (
          <>
            <PasswordInput
              required
              mt="sm"
              label={t('password')}
              withAsterisk={false}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Problem text={problem} />
            <Button type="submit" fullWidth mt="md" variant="default" loading={isBusy}>
              {t('next')}
            </Button>
          </>
        ) : (
          <Button fullWidth mt="md" variant="subtle" color="gray" onClick={() => setOwnWay(true)}>
            {t('signInOwnWay')}
          </Button>
        )}
      </form>
      <details className="k-explained">
        <summary>{t('helpSignIn')}</summary>
        <p>{t('helpSignIn1')}</p>
        <p>{t('helpSignIn2')}</p>
        <p>{t('helpSignIn3')}</p>
      </details>
    </>
  )
}
