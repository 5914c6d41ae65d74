/** What waits for a second person: what others ask me, what I asked, and break-glass. */
import '../language/late-grants.ts'
import '../style/grants.css'
import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask, save } from '../api/client.ts'
import type { Approval, Erasure, SentRequest } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { unreadQuery } from '../notifications/unread.ts'
import { Empty, Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { BreakGlassSection } from './break-glass.tsx'

const ErasedDialog = lazy(patient(() => import('../erasing/erased-dialog.tsx')))

export function ApprovalsPage() {
  const t = useWords()
  const { user } = useSession()
  const queries = useQueryClient()
  const [isAll, setAll] = useState(false)
  const [erasure, setErasure] = useState<Erasure>()
  const list = useQuery({
    queryKey: ['approvals', isAll],
    queryFn: () =>
      ask<{ items: Approval[] }>('GET', '/api/approvals', {
        query: { state: isAll ? 'all' : 'open' },
      }),
    staleTime: 0,
  })
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['approvals'] }),
      queries.invalidateQueries({ queryKey: unreadQuery.queryKey }),
    ])
  const attempt = (act: Promise<unknown>, said: string) =>
    act
      .then(() => tell(said))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void refresh())
  const items = list.data?.items ?? []
  const mine = items.filter((one) => one.askedBy === user.id)
  const others = items.filter((one) => one.askedBy !== user.id)
  const doNow = async (one: Approval) => {
    const sent = await ask<SentRequest>('GET', `/api/approvals/${one.id}/request`)
    if (sent.method === 'GET') await save(sent.url)
    else {
      const done = await ask(sent.method, sent.url, sent.body === null ? {} : { body: sent.body })
      if (one.operation === 'erase') setErasure(done as Erasure)
    }
    // It may have changed anything.
    await queries.invalidateQueries()
  }
  return (
    <>
      <header className="k-topline">
        <h1>{t('approvals')}</h1>
      </header>
      <main className="k-page">
        <div className="k-narrow">
          {list.error && <Broken error={list.error} />}
          {list.isPending && <Lines />}
          {list.data && items.length === 0 && (
            <Empty
              icon={<IconShieldCheck size={30} stroke={1.4} aria-hidden />}
              title={t('noApprovals')}
            >
              <p>{t('noApprovalsText')}</p>
            </Empty>
          )}
          {others.length > 0 && (
            <section className="k-approvals" aria-label={t('approvalsForMe')}>
              <h2 className="k-subtitle">{t('approvalsForMe')}</h2>
              {others.map((one) => (
                <ApprovalCard
                  key={one.id}
                  one={one}
                  decide={(way, note) =>
                    attempt(
                      ask('POST', `/api/approvals/${one.id}/${way}`, { body: { note } }),
                      t(way === 'approve' ? 'approvedNow' : 'refusedNow'),
                    )
                  }
                />
              ))}
            </section>
          )}
          {mine.length > 0 && (
            <section className="k-approvals" aria-label={t('approvalsOfMine')}>
              <h2 className="k-subtitle">{t('approvalsOfMine')}</h2>
              {mine.map((one) => (
                <ApprovalCard
                  key={one.id}
                  one={one}
                  withdraw={() =>
                    attempt(ask('POST', `/api/approvals/${one.id}/withdraw`), t('withdrawnNow'))
                  }
                  doNow={() => attempt(doNow(one), t('doneNow'))}
                />
              ))}
            </section>
          )}
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(!isAll)}>
            {t(isAll ? 'approvalsOpenOnly' : 'approvalsAll')}
          </Button>
          <BreakGlassSection />
          {erasure && (
            <Suspense fallback={null}>
              <ErasedDialog erasure={erasure} close={() => setErasure(undefined)} />
            </Suspense>
          )}
        </div>
      </main>
    </>
  )
}
