import {
  Alert,
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { renderSVG } from 'uqr'
import { call } from '../api.ts'
import { language, words } from '../words.ts'
import { makePasskey } from './passkey.ts'

type Begun = { totp: { secret: string; uri: string } }
type Kept = { recoveryCodes: string[]; recoverySheet: string | null }

/** Set-up of the organisation, or joining it by a link: who you are, a second factor, codes to keep. */
export function Enrol({
  kind,
  token,
  onDone,
}: {
  kind: 'set-up' | 'join'
  token: string
  onDone: () => void
}) {
  const [given, setGiven] = useState({
    organisation: '',
    visibility: 'team',
    name: '',
    email: '',
    password: '',
  })
  const [begun, setBegun] = useState<Begun>()
  const [kept, setKept] = useState<Kept>()
  const [code, setCode] = useState('')
  const [error, setError] = useState('')
  const set = (field: keyof typeof given) => (event: { currentTarget: { value: string } }) =>
    setGiven({ ...given, [field]: event.currentTarget.value })
  const attempt = async (work: () => Promise<void>) => {
    setError('')
    await work().catch((reason: Error) => setError(reason.message))
  }

  const begin = (event: FormEvent) => {
    event.preventDefault()
    const { organisation, visibility, name, email, password } = given
    attempt(async () =>
      setBegun(
        kind === 'set-up'
          ? await call<Begun>('POST', 'set-up', {
              token,
              organisation: { name: organisation, visibility, language },
              administrator: { name, email, password, language },
            })
          : await call<Begun>('POST', `join/${token}`, { name, password, language }),
      ),
    )
  }
  const withTotp = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => setKept(await call<Kept>('POST', 'enrol/totp', { code })))
  }
  const withPasskey = () =>
    attempt(async () => {
      const credential = await makePasskey(await call<object>('POST', 'enrol/passkey/options'))
      setKept(await call<Kept>('POST', 'enrol/passkey', { name: '', credential }))
    })
  const problem = error && (
    <Alert color="red" role="alert">
      {error}
    </Alert>
  )

  if (kept) {
    return (
      <main className="narrow">
        <Stack>
          <Title order={1} size="h3">
            {words.codes}
          </Title>
          <Text size="sm">{words.codesHelp}</Text>
          <div className="codes" data-testid="codes">
            {kept.recoveryCodes.map((one) => (
              <div key={one}>{one}</div>
            ))}
          </div>
          {kept.recoverySheet && (
            <>
              <Title order={2} size="h3">
                {words.sheet}
              </Title>
              <Text size="sm">{words.sheetHelp}</Text>
              <div className="codes" data-testid="sheet">
                {kept.recoverySheet}
              </div>
            </>
          )}
          <Group>
            <Button variant="default" onClick={() => print()}>
              {words.print}
            </Button>
            <Button onClick={onDone}>{words.saved}</Button>
          </Group>
        </Stack>
      </main>
    )
  }
  if (begun) {
    return (
      <main className="narrow">
        <Stack>
          <Title order={1} size="h3">
            {words.secondFactor}
          </Title>
          {problem}
          <Button onClick={withPasskey}>{words.makePasskey}</Button>
          <Text ta="center" size="sm">
            {words.orTotp}
          </Text>
          <Text size="sm">{words.scan}</Text>
          <img
            alt="QR"
            width={180}
            height={180}
            src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(begun.totp.uri))}`}
          />
          <Text className="codes" data-testid="totp-secret">
            {begun.totp.secret}
          </Text>
          <form onSubmit={withTotp}>
            <Stack>
              <TextInput
                label={words.code}
                inputMode="numeric"
                autoComplete="one-time-code"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
                required
              />
              <Button type="submit" variant="default">
                {words.next}
              </Button>
            </Stack>
          </form>
        </Stack>
      </main>
    )
  }
  return (
    <main className="narrow">
      <form onSubmit={begin}>
        <Stack>
          <Title order={1} size="h3">
            {kind === 'set-up' ? words.setUp : words.join}
          </Title>
          {problem}
          {kind === 'set-up' && (
            <>
              <TextInput
                label={words.organisation}
                value={given.organisation}
                onChange={set('organisation')}
                required
              />
              <div>
                <Text size="sm" fw={500} id="who-sees">
                  {words.whoSees}
                </Text>
                <SegmentedControl
                  fullWidth
                  aria-labelledby="who-sees"
                  value={given.visibility}
                  onChange={(visibility) => setGiven({ ...given, visibility })}
                  data={(['owner', 'team', 'everyone'] as const).map((value) => ({
                    value,
                    label: words[value],
                  }))}
                />
              </div>
            </>
          )}
          <TextInput
            label={words.yourName}
            value={given.name}
            onChange={set('name')}
            autoComplete="name"
            required
          />
          {kind === 'set-up' && (
            <TextInput
              label={words.email}
              type="email"
              value={given.email}
              onChange={set('email')}
              autoComplete="username"
              required
            />
          )}
          <PasswordInput
            label={words.password}
            description={words.passwordHelp}
            value={given.password}
            onChange={set('password')}
            autoComplete="new-password"
            required
          />
          <Button type="submit">{words.next}</Button>
        </Stack>
      </form>
    </main>
  )
}
