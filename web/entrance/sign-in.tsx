import { useSearch } from '@tanstack/react-router'
import { useWords } from '../language/words.tsx'
import { Entrance } from './entrance.tsx'
import { SignInForm } from './sign-in-form.tsx'

export function SignInPage() {
  const { to } = useSearch({ from: '/sign-in' })
  // Only a path of our own: never an address that somebody put into a link.
  const next = to?.startsWith('/') && !to.startsWith('//') && !to.includes('\\') ? to : '/people'
  return (
    <Entrance>
      <Title />
      <SignInForm done={() => location.assign(next)} />
    </Entrance>
  )
}

function Title() {
  const t = useWords()
  return <h1 style={{ marginBottom: 16 }}>{t('signInTitle')}</h1>
}
