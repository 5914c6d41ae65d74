import { Button } from '@mantine/core'
import { IconCompass, IconMoodSad, IconShieldLock } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ask, Refusal } from '../api/client.ts'
import { useWords } from '../language/words.tsx'
import { Empty } from '../parts/marks.tsx'
import { refusalText } from '../parts/tell.tsx'

const LOOK_AGAIN_MS = 5_000

/** What a page shows when it can not be shown: in words, with a next step. */
export function Broken({ error }: { error: Error }) {
  const t = useWords()
  const router = useRouter()
  const queries = useQueryClient()
  if (error instanceof Refusal && error.code === 'keystore-unavailable') return <KeystoreGone />
  if (error instanceof Refusal && error.code === 'not-found') return <Missing />
  const again = async () => {
    await queries.resetQueries()
    await router.invalidate()
  }
  return (
    <main className="k-page">
      <Empty icon={<IconMoodSad size={34} stroke={1.4} aria-hidden />} title={t('pageBroken')}>
        <p>{refusalText(t, error)}</p>
        {error instanceof Refusal && error.code === 'not-allowed' ? (
          <Button component={Link} to="/people" variant="default">
            {t('toPeople')}
          </Button>
        ) : (
          <Button onClick={() => void again()}>{t('retry')}</Button>
        )}
      </Empty>
    </main>
  )
}

export function Missing() {
  const t = useWords()
  return (
    <main className="k-page">
      <Empty icon={<IconCompass size={34} stroke={1.4} aria-hidden />} title={t('notFoundTitle')}>
        <p>{t('notFoundText')}</p>
        <Button component={Link} to="/people" variant="default">
          {t('toPeople')}
        </Button>
      </Empty>
    </main>
  )
}

/** Calm and true: nothing is lost, nothing opens. Looks by itself whether the keystore is back. */
export function KeystoreGone() {
  const t = useWords()
  const queries = useQueryClient()
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(async () => {
      const back = await ask('GET', '/api/session').then(
        () => true,
        (error: unknown) => !(error instanceof Refusal) || error.code !== 'keystore-unavailable',
      )
      if (!back) return
      await queries.resetQueries()
      await router.invalidate()
    }, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [queries, router])
  return (
    <main className="k-page">
      <Empty
        icon={<IconShieldLock size={40} stroke={1.3} aria-hidden />}
        title={t('keystoreGoneTitle')}
      >
        <p>{t('keystoreGoneText')}</p>
        <p>{t('keystoreGoneDo')}</p>
      </Empty>
    </main>
  )
}
