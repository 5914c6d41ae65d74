import { Button, Modal } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecoveryState, ShareSet } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import Shares, { TryShares } from '../recovery/shares.tsx'
import { Section } from './settings.tsx'

const key = ['root-key']

/** What keeps the root key, and the shares that put it back when it is lost. */
export default function Recovery() {
  const t = useWords()
  const queries = useQueryClient()
  const [made, setMade] = useState<ShareSet>()
  const [isBusy, setBusy] = useState(false)
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => ask<RecoveryState>('GET', '/api/root-key'),
  })
  if (!data) return <Lines />
  const { provider, installation, shares } = data
  const refresh = () => queries.invalidateQueries({ queryKey: key })
  const make = async () => {
    setBusy(true)
    try {
      setMade(await ask<ShareSet>('POST', '/api/root-key/shares'))
      await refresh()
    } catch (error) {
      tellRefusal(t, error)
    }
    setBusy(false)
  }
  const facts = shares
    ? [
        t('sharesMade', { day: t.day(shares.day), set: shares.set }),
        shares.testedOn ? t('sharesTested', { day: t.day(shares.testedOn) }) : t('sharesNotTested'),
      ]
    : [t('noShares')]
  return (
    <>
      <Section title={t('rootKey')} text={t('rootKeyText', { installation })}>
        <p style={{ margin: 0, maxWidth: '64ch' }}>{t(`keptBy.${provider}`)}</p>
        <p className="k-dim k-small" style={{ margin: '6px 0 0' }}>
          {t('rootKeyHow')}
        </p>
      </Section>
      <Section title={t('ownShares')} text={t('newSharesText')}>
        <p style={{ margin: '0 0 10px', maxWidth: '64ch' }}>{facts.join(' ')}</p>
        {shares && !shares.isCurrent && <p role="note">{t('sharesOld')}</p>}
        <Button
          variant={shares?.isCurrent ? 'default' : 'filled'}
          leftSection={<IconPrinter size={15} aria-hidden />}
          loading={isBusy}
          onClick={() => void make()}
        >
          {t('newShares')}
        </Button>
      </Section>
      {shares && (
        <Section title={t('tryShares')}>
          <div style={{ maxWidth: 560 }}>
            <TryShares tested={() => void refresh()} />
          </div>
        </Section>
      )}
      <Modal
        opened={made !== undefined}
        onClose={() => {}}
        withCloseButton={false}
        size="lg"
        title={t('sharesTitle')}
        classNames={{
          overlay: 'k-no-print',
          header: 'k-no-print',
          inner: 'k-shares-around',
          content: 'k-shares-around',
        }}
      >
        {made && (
          <Shares
            made={made}
            isTitled={false}
            next={() => setMade(undefined)}
            nextLabel={t('sharesDone')}
          />
        )}
      </Modal>
    </>
  )
}
