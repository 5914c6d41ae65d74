import { Alert, Button, NavLink, Text } from '@mantine/core'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import type { Session } from '../src/security/sign-in/contract.ts'
import { call, Refusal } from './api.ts'
import { Enrol } from './screens/enrol.tsx'
import { SignIn } from './screens/sign-in.tsx'
import { changeLanguage, words } from './words.ts'

const People = lazy(() => import('./screens/people.tsx'))
const Dossier = lazy(() => import('./screens/dossier.tsx'))
const Import = lazy(() => import('./screens/import.tsx'))

export function go(path: string): void {
  history.pushState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
}

function usePath(): string {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const listen = () => setPath(location.pathname)
    addEventListener('popstate', listen)
    return () => removeEventListener('popstate', listen)
  }, [])
  return path
}

/** Undefined while it is asked; null when nobody is signed in. */
export function App() {
  const path = usePath()
  const [session, setSession] = useState<Session | null | undefined>()
  const [isAway, setIsAway] = useState(false)
  const ask = useCallback(async () => {
    try {
      setIsAway((await call<{ status: string }>('GET', 'health')).status === 'keystore-away')
      setSession(await call<Session>('GET', 'session'))
    } catch (error) {
      if (error instanceof Refusal && error.code === 'keystore-unavailable') setIsAway(true)
      setSession(null)
    }
  }, [])
  useEffect(() => {
    ask()
  }, [ask])

  const [, room, id] = path.split('/')
  if ((room === 'set-up' || room === 'join') && id)
    return (
      <Enrol
        kind={room}
        token={id}
        onDone={() => {
          go('/')
          ask()
        }}
      />
    )
  if (isAway)
    return (
      <div className="narrow">
        <Alert color="orange" title="Kluis">
          {words.keystoreAway}
        </Alert>
      </div>
    )
  if (session === undefined) return null
  if (session === null) return <SignIn onDone={ask} />

  const link = (to: string, label: string, isHere: boolean) => (
    <NavLink
      href={to}
      label={label}
      active={isHere}
      w="auto"
      onClick={(event) => {
        event.preventDefault()
        go(to)
      }}
    />
  )
  return (
    <div className="shell">
      <nav className="side" aria-label={words.menu}>
        <Text className="brand" fw={700} px="sm" pb="xs" truncate>
          {session.organisation.name}
        </Text>
        {link('/', words.people, room === '' || room === 'people')}
        {session.permissions.includes('imports:run') &&
          link('/import', words.importing, room === 'import')}
        <Button variant="subtle" size="compact-sm" color="gray" mt="auto" onClick={changeLanguage}>
          {words.language}
        </Button>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          onClick={async () => {
            await call('POST', 'sign-out')
            go('/')
            ask()
          }}
        >
          {words.signOut}
        </Button>
      </nav>
      <main className="main">
        <Suspense fallback={null}>
          {room === 'import' ? (
            <Import />
          ) : room === 'people' && id ? (
            <Dossier key={id} id={id} />
          ) : (
            <People />
          )}
        </Suspense>
      </main>
    </div>
  )
}
