import { Button } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask, isSessionThere } from '../api/client.ts'
import type { FoundProvider } from '../api/shapes.ts'
import '../language/late-federation.ts'
import { useWords } from '../language/words.tsx'
import { refusalText } from '../parts/tell.tsx'
import { Problem } from './entrance.tsx'

const TYPED_MS = 300
const LOOK_AGAIN_MS = 2_000

/** What is there for the domain of what was typed; says nothing of accounts. */
function useProvider(email: string): FoundProvider | null | undefined {
  const [typed, setTyped] = useState(email)
  useEffect(() => {
    const soon = setTimeout(() => setTyped(email.trim()), TYPED_MS)
    return () => clearTimeout(soon)
  }, [email])
  const domain = typed.slice(typed.lastIndexOf('@') + 1).toLowerCase()
  const { data } = useQuery({
    queryKey: ['provider', domain],
    queryFn: () =>
      ask<{ provider: FoundProvider | null }>('POST', '/api/sign-in/provider/find', {
        body: { email: `x@${domain}` },
      }),
    enabled: typed.includes('@') && domain.includes('.'),
    staleTime: 60_000,
    retry: false,
  })
  return data?.provider
}

/**
 * Offers the organisation's provider under the e-mail. `done`: on a page that must stay as it is, so that the sign-in
 * goes on in a tab of its own.
 */
export default function ProviderOffer({
  email,
  to,
  done,
  found,
}: {
  email: string
  to: string
  done?: (() => void) | undefined
  /** Tells the form, which then leaves the password out of sight. */
  found: (provider: FoundProvider | null) => void
}) {
  const t = useWords()
  const provider = useProvider(email)
  const [isElsewhere, setElsewhere] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the form does with it does not matter here
  useEffect(() => found(provider ?? null), [provider])
  useEffect(() => {
    if (!isElsewhere || !done) return
    const look = setInterval(async () => {
      if (await isSessionThere()) done()
    }, LOOK_AGAIN_MS)
    return () => clearInterval(look)
  }, [isElsewhere, done])
  if (!provider) return null
  const begin = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { url } = await ask<{ url: string }>('POST', '/api/sign-in/provider/begin', {
        body: {
          providerId: provider.id,
          email: email.trim(),
          to: done ? '/sign-in?provider=tab-done' : to,
        },
      })
      if (!done) return location.assign(url)
      window.open(url, '_blank', 'noopener')
      setElsewhere(true)
    } catch (error) {
      setProblem(refusalText(t, error))
    }
    setBusy(false)
  }
  return (
    <div style={{ marginTop: 14 }}>
      {provider.isRequired && (
        <p className="k-dim" style={{ margin: '0 0 8px' }}>
          {t('signInWithRequired')}
        </p>
      )}
      <Button
        fullWidth
        size={provider.isRequired ? 'md' : 'sm'}
        fz={14}
        variant={provider.isRequired ? 'filled' : 'default'}
        leftSection={<IconBuilding size={18} stroke={1.7} aria-hidden />}
        loading={isBusy}
        onClick={() => void begin()}
      >
        {t('signInWith', { name: provider.name })}
      </Button>
      {done && <p className="k-dim k-small">{t('signInWithNewTab')}</p>}
      <Problem text={problem} />
    </div>
  )
}
