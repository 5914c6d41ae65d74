import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import '../language/late-help.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { readPage } from './page-text.ts'
import { type HelpPage, pageOf, pages } from './pages.ts'
import { Shortcuts } from './shortcuts.tsx'

/** The page about the screen one is on, or the one asked for, and the way to the others. */
export default function Help({ first, close }: { first?: HelpPage; close: () => void }) {
  const t = useWords()
  const here = useRouterState({ select: ({ location }) => pageOf(location) })
  const [page, setPage] = useState(first ?? here)
  const text = useQuery({
    queryKey: ['help', t.language, page],
    queryFn: () => readPage(t.language, page),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const article = useRef<HTMLElement>(null)
  const isTurned = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page that was turned
  useEffect(() => {
    if (!isTurned.current) return
    article.current?.focus()
    article.current?.scrollIntoView({ block: 'start' })
  }, [page])
  const turn = (to: HelpPage) => {
    isTurned.current = true
    setPage(to)
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('help')}
      size={860}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className="k-help">
        <article ref={article} tabIndex={-1} aria-label={t(`help.${page}`)}>
          {text.error ? (
            <>
              <p role="alert">{t('helpAway')}</p>
              <Button variant="default" onClick={() => void text.refetch()}>
                {t('retry')}
              </Button>
            </>
          ) : text.data === undefined ? (
            <Lines />
          ) : (
            <RichText text={text.data} />
          )}
          {page === 'keyboard' && <Shortcuts />}
        </article>
        <nav aria-label={t('helpOther')}>
          <h3>{t('helpOther')}</h3>
          {pages
            .filter((one) => one !== page)
            .map((one) => (
              <button key={one} type="button" className="k-nav-item" onClick={() => turn(one)}>
                {t(`help.${one}`)}
              </button>
            ))}
        </nav>
      </div>
    </Modal>
  )
}
