import { useWords } from '../language/words.tsx'
import { SignInForm } from './sign-in-form.tsx'

export default function SignInAgain({ email, done }: { email: string; done: () => void }) {
  const t = useWords()
  return (
    <>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('sessionEndedText')}
      </p>
      <SignInForm email={email} done={done} stays />
    </>
  )
}
