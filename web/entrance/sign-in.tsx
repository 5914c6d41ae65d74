import { useSearch } from '@tanstack/react-router'
import { useWords } from '../language/words.tsx'
import { Entrance } from './entrance.tsx'
import { ownAddress } from './own-address.ts'
import { SignInForm } from './sign-in-form.tsx'

export function SignInPage() {
  const { to } = useSearch({ from: '/sign-in' })
  return (
    <Entrance>
      <Title />
      <SignInForm done={() => location.assign(ownAddress(to, location.origin))} />
    </Entrance>
  )
}

function Title() {
  const t = useWords()
  return <h1 style={{ marginBottom: 16 }}>{t('signInTitle')}</h1>
}
