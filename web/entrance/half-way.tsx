import { Button, PasswordInput, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { HalfWay as Half } from '../api/shapes.ts'
import { sentBy } from '../parts/sent-by.ts'
import '../language/late-federation.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText } from '../parts/tell.tsx'
import { Problem } from './entrance.tsx'
import { ownAddress } from './own-address.ts'
import { canPasskey, signWithPasskey } from './passkeys.ts'

const path = '/api/sign-in/provider'

/** Where the provider's answer led to: something is still asked, or it was refused. */
export default function Arrived({ what }: { what: string }) {
  const t = useWords()
  if (what === 'half-way') return <HalfWay />
  if (what === 'tab-done') return <p role="status">{t('tabDone')}</p>
  const text = t.known(`arrived.${what}`)
  return text ? <Problem text={text} /> : null
}

/** One own factor, or both of them once where the account is about to be linked. */
function HalfWay() {
  const t = useWords()
  const { data, error } = useQuery({
    queryKey: ['half-way'],
    queryFn: () => ask<Half>('GET', `${path}/half-way`),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <Problem text={refusalText(t, error)} />
  if (!data) return <Lines count={2} />
  return <Factors half={data} />
}

function Factors({ half }: { half: Half }) {
  const t = useWords()
  const isLink = half.next === 'link'
  const [step, setStep] = useState<'password' | 'totp' | 'recovery'>(
    isLink && half.hasPassword ? 'password' : 'totp',
  )
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    await act().catch((error: unknown) => {
      setProblem(refusalText(t, error))
      setTyped('')
    })
    setBusy(false)
  }
  const into = ({ to }: { to: string }) => location.assign(ownAddress(to, location.origin))
  const withPasskey = () =>
    attempt(async () => {
      const options = await ask<Record<string, unknown>>('POST', `${path}/passkey/options`)
      const body = { credential: await signWithPasskey(options) }
      into(await ask<{ to: string }>('POST', `${path}/passkey`, { body }))
    })
  const send = () =>
    attempt(async () => {
      if (step === 'password') {
        await ask('POST', `${path}/password`, { body: { password: typed } })
        setTyped('')
        setStep('totp')
        return
      }
      into(await ask<{ to: string }>('POST', `${path}/${step}`, { body: { code: typed.trim() } }))
    })
  const { provider: name, email } = half
  return (
    <>
      <p>{isLink ? t('halfLink', { name, email }) : t('halfFactor', { name })}</p>
      {half.hasPasskey && canPasskey() && (
        <Button
          fullWidth
          size="md"
          fz={14}
          mb="sm"
          leftSection={<IconFingerprint size={19} stroke={1.7} aria-hidden />}
          loading={isBusy}
          onClick={() => void withPasskey()}
        >
          {t('signInPasskey')}
        </Button>
      )}
      {half.hasTotp && (
        <form noValidate key={step} onSubmit={sentBy(() => void send())}>
          {step === 'password' ? (
            <PasswordInput
              autoFocus={!half.hasPasskey}
              label={t('password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          ) : (
            <TextInput
              autoFocus={!half.hasPasskey}
              label={t(step === 'totp' ? 'code' : 'recoveryCode')}
              inputMode={step === 'totp' ? 'numeric' : 'text'}
              autoComplete="one-time-code"
              maxLength={40}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <Problem text={problem} />
          <Button
            type="submit"
            fullWidth
            mt="md"
            variant={half.hasPasskey ? 'default' : 'filled'}
            loading={isBusy}
            disabled={typed.trim() === ''}
          >
            {t(step === 'password' ? 'next' : 'signIn')}
          </Button>
          {step !== 'password' && (
            <Button
              fullWidth
              mt="xs"
              variant="subtle"
              color="gray"
              onClick={() => setStep(step === 'totp' ? 'recovery' : 'totp')}
            >
              {t(step === 'totp' ? 'useRecoveryCode' : 'useAppCode')}
            </Button>
          )}
        </form>
      )}
      {!half.hasTotp && <Problem text={problem} />}
    </>
  )
}
