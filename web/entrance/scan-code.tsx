import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Enrolment } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText } from '../parts/tell.tsx'
import { Copy } from '../record/inline.tsx'
import { Problem } from './entrance.tsx'
import { Qr } from './qr.tsx'

/** The secret for an app, and the first code that the app makes of it. */
export function ScanCode({
  totp,
  send,
}: {
  totp: Enrolment['totp']
  send: (code: string) => Promise<void>
}) {
  const t = useWords()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const tryIt = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send(code.replace(/\s/g, ''))
    } catch (error) {
      setProblem(refusalText(t, error))
      setBusy(false)
    }
  }
  return (
    <form noValidate onSubmit={sentBy(() => void tryIt())}>
      <h1>{t('scanCode')}</h1>
      <p>{t('scanCodeText')}</p>
      <Qr text={totp.uri} label={t('qrLabel')} />
      <div className="k-value-line" style={{ justifyContent: 'center', marginBottom: 12 }}>
        <code style={{ overflowWrap: 'anywhere' }}>{totp.secret.match(/.{1,4}/g)?.join(' ')}</code>
        <Copy value={totp.secret} />
      </div>
      <TextInput
        autoFocus
        label={t('code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Problem text={problem} />
      <Group justify="flex-end" mt="lg">
        <Button type="submit" loading={isBusy} disabled={code.trim().length < 6}>
          {t('next')}
        </Button>
      </Group>
    </form>
  )
}
