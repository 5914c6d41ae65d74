import { Alert, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { call } from '../api.ts'
import { words } from '../words.ts'
import { askPasskey } from './passkey.ts'

export function SignIn({ onDone }: { onDone: () => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isHalfway, setIsHalfway] = useState(false)
  const [error, setError] = useState('')

  const attempt = async (work: () => Promise<void>) => {
    setError('')
    await work().catch((reason: Error) => setError(reason.message))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      if (!isHalfway) {
        await call('POST', 'sign-in', { email, password })
        setIsHalfway(true)
      } else {
        await call('POST', /^\d{6}$/.test(code.trim()) ? 'sign-in/totp' : 'sign-in/recovery', {
          code,
        })
        onDone()
      }
    })
  }
  const withPasskey = () =>
    attempt(async () => {
      const credential = await askPasskey(await call<object>('POST', 'sign-in/passkey/options'))
      await call('POST', 'sign-in/passkey', { credential })
      onDone()
    })

  return (
    <main className="narrow">
      <form onSubmit={submit}>
        <Stack>
          <Title order={1} size="h2">
            Kluis
          </Title>
          {error && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          {isHalfway ? (
            <TextInput
              label={words.code}
              description={words.codeHelp}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoComplete="one-time-code"
              data-autofocus
              autoFocus
            />
          ) : (
            <>
              <TextInput
                label={words.email}
                type="email"
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
                autoComplete="username"
                required
              />
              <PasswordInput
                label={words.password}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                autoComplete="current-password"
                required
              />
            </>
          )}
          <Button type="submit">{isHalfway ? words.signIn : words.next}</Button>
          {!isHalfway && (
            <Button variant="default" onClick={withPasskey}>
              {words.withPasskey}
            </Button>
          )}
        </Stack>
      </form>
    </main>
  )
}
