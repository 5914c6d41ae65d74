import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { patient } from '../frame/patient.ts'
import { useWords } from '../language/words.tsx'
import { Entrance } from './entrance.tsx'
import { ownAddress } from './own-address.ts'
import { SignInForm } from './sign-in-form.tsx'

const Arrived = lazy(patient(() => import('./half-way.tsx')))

export function SignInPage() {
  const { to, provider } = useSearch({ from: '/sign-in' })
  // Of a tab that was there for this alone.
  const isOver = /^(half-way|tab-done|somebody-else|not-anew)$/.test(provider ?? '')
  return (
    <Entrance>
      <Title />
      {provider && (
        <Suspense>
          <div style={{ marginBottom: isOver ? 0 : 18 }}>
            <Arrived what={provider} />
          </div>
        </Suspense>
      )}
      {!isOver && (
        <SignInForm
          {...(to ? { to } : {})}
          done={() => location.assign(ownAddress(to, location.origin))}
        />
      )}
    </Entrance>
  )
}

function Title() {
  const t = useWords()
  return <h1 style={{ marginBottom: 16 }}>{t('signInTitle')}</h1>
}
