import { Button, Checkbox, Group, PasswordInput } from '@mantine/core'
import { IconDeviceMobile, IconDownload, IconFingerprint, IconPrinter } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Enrolled, Enrolment, JoinState } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText } from '../parts/tell.tsx'
import { Problem } from './entrance.tsx'
import { canPasskey, createPasskey, thisDevice } from './passkeys.ts'
import { ScanCode } from './scan-code.tsx'
import '../language/late-access.ts'

const Shares = lazy(patient(() => import('../recovery/shares.tsx')))

/**
 * The second factor, for the first administrator and for everyone invited: a passkey alone (it verifies
 * the person by itself), or a password with a code from an app.
 */
export function ChooseFactor({
  asks = 'two-factors',
  begin,
  done,
}: {
  /** What the role is asked to sign in with. */
  asks?: JoinState['asks']
  begin: (password: string | undefined) => Promise<Enrolment>
  done: (enrolled: Enrolled) => void
}) {
  const t = useWords()
  const [way, setWay] = useState<'password' | 'totp'>()
  const [password, setPassword] = useState('')
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    await act().catch((error: unknown) => setProblem(refusalText(t, error)))
    setBusy(false)
  }
  const withPasskey = () =>
    attempt(async () => {
      await begin(undefined)
      const options = await ask<Record<string, unknown>>('POST', '/api/enrol/passkey/options')
      const credential = await createPasskey(options)
      done(
        await ask<Enrolled>('POST', '/api/enrol/passkey', {
          body: { name: thisDevice(), credential },
        }),
      )
    })
  const withPassword = () =>
    attempt(async () => {
      setEnrolment(await begin(password))
      setWay('totp')
    })
  if (way === 'totp' && enrolment)
    return (
      <ScanCode
        totp={enrolment.totp}
        send={async (code) =>
          done(await ask<Enrolled>('POST', '/api/enrol/totp', { body: { code } }))
        }
      />
    )
  if (way === 'password')
    return (
      <form noValidate onSubmit={sentBy(() => void withPassword())}>
        <h1>{t('choosePassword')}</h1>
        <p>{t('choosePasswordText')}</p>
        <PasswordInput
          autoFocus
          label={t('password')}
          autoComplete="new-password"
          maxLength={256}
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Problem text={problem} />
        <Group justify="space-between" mt="lg">
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setWay(undefined)
              setProblem(undefined)
            }}
          >
            {t('back')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={password === ''}>
            {t('next')}
          </Button>
        </Group>
      </form>
    )
  return (
    <>
      <h1>{t('secureAccount')}</h1>
      <p>{t(asks === 'device-bound' ? 'boundChoiceText' : 'secureAccountText')}</p>
      {canPasskey() && (
        <button
          type="button"
          className="k-choice"
          disabled={isBusy}
          onClick={() => void withPasskey()}
        >
          <IconFingerprint size={22} stroke={1.6} aria-hidden />
          <strong>{t('passkeyChoice')}</strong>
          <small>{t('passkeyChoiceText')}</small>
        </button>
      )}
      {asks === 'two-factors' && (
        <button
          type="button"
          className="k-choice"
          disabled={isBusy}
          onClick={() => setWay('password')}
        >
          <IconDeviceMobile size={22} stroke={1.6} aria-hidden />
          <strong>{t('totpChoice')}</strong>
          <small>{t('totpChoiceText')}</small>
        </button>
      )}
      <details className="k-explained">
        <summary>{t('passkeyWhat')}</summary>
        <p>{t('passkeyWhat1')}</p>
        <p>{t('passkeyWhat2')}</p>
        <p>{t('passkeyWhat3')}</p>
      </details>
      <Problem text={problem} />
    </>
  )
}

/** Ten codes, each good once. One goes on only after saying that they are kept. */
export function RecoveryCodes({ codes, next }: { codes: string[]; next: () => void }) {
  const t = useWords()
  const [isKept, setKept] = useState(false)
  return (
    <div className="k-print">
      <h1>{t('recoveryCodes')}</h1>
      <p>{t('recoveryCodesText')}</p>
      <ol className="k-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap="xs" className="k-no-print">
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} aria-hidden />}
          onClick={() => window.print()}
        >
          {t('print')}
        </Button>
        <Button
          variant="default"
          component="a"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`Kluis\n\n${codes.join('\n')}\n`)}`}
          download={t('codesFile')}
          leftSection={<IconDownload size={15} aria-hidden />}
        >
          {t('download')}
        </Button>
      </Group>
      <Checkbox
        className="k-no-print"
        mt="lg"
        label={t('codesKept')}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end" mt="md" className="k-no-print">
        <Button disabled={!isKept} onClick={next}>
          {t('next')}
        </Button>
      </Group>
    </div>
  )
}

/** What follows an enrolment: the codes, the recovery shares for the first administrator, and in. */
export function AfterEnrolment({ enrolled, into }: { enrolled: Enrolled; into: () => void }) {
  const t = useWords()
  const [areCodesKept, setCodesKept] = useState(false)
  if (!areCodesKept)
    return (
      <RecoveryCodes
        codes={enrolled.recoveryCodes}
        next={() => (enrolled.recoveryShares ? setCodesKept(true) : into())}
      />
    )
  if (!enrolled.recoveryShares) return null
  return (
    <Suspense fallback={<Lines />}>
      <Shares made={enrolled.recoveryShares} next={into} nextLabel={t('toKluis')} />
    </Suspense>
  )
}
