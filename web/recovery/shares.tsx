import { Button, Checkbox, Group, Textarea } from '@mantine/core'
import { IconCheck, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { ShareSet, SharesTested } from '../api/shapes.ts'
import { Qr } from '../entrance/qr.tsx'
import { type Speak, useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText } from '../parts/tell.tsx'
import '../language/late-recovery.ts'
import './shares.css'

/** The shares just made, to print and to try; one goes on only after saying that they are kept. */
export default function Shares({
  made,
  next,
  nextLabel,
  isTitled = true,
}: {
  made: ShareSet
  next: () => void
  nextLabel: string
  /** Not in a dialog, which has its title. */
  isTitled?: boolean
}) {
  const t = useWords()
  const [isKept, setKept] = useState(false)
  return (
    <div className="k-print">
      {isTitled && <h1 className="k-no-print">{t('sharesTitle')}</h1>}
      <p className="k-no-print">{t('sharesText')}</p>
      <p className="k-no-print">{t('sharesWhere')}</p>
      <Button
        className="k-no-print"
        variant="default"
        leftSection={<IconPrinter size={15} aria-hidden />}
        onClick={() => window.print()}
      >
        {t('print')}
      </Button>
      {made.shares.map((share) => (
        <Share key={share.number} made={made} share={share} />
      ))}
      <details className="k-explained k-no-print">
        <summary>{t('tryShares')}</summary>
        <TryShares />
      </details>
      <Checkbox
        className="k-no-print"
        mt="lg"
        label={t('sharesKept')}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end" mt="md" className="k-no-print">
        <Button disabled={!isKept} onClick={next}>
          {nextLabel}
        </Button>
      </Group>
    </div>
  )
}

/** Found years later in a safe, it must say whose it is, of when, and what to do with it. */
function Share({ made, share }: { made: ShareSet; share: ShareSet['shares'][number] }) {
  const t = useWords()
  const { installation, set, day, shares } = made
  const { number, text } = share
  return (
    <article className="k-share">
      <h2>{t('shareNumber', { number, count: shares.length })}</h2>
      <p>{t('shareOf', { host: location.host, installation, set, day: t.day(day) })}</p>
      <ol data-testid="share">
        {text.split(' ').map((group, index) => (
          // The same group may stand in a share twice.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order never changes
          <li key={index}>{group}</li>
        ))}
      </ol>
      <div className="k-print-only">
        <Qr text={text.replaceAll(' ', '')} label={t('shareQr', { number })} />
        <p>{t('shareUse')}</p>
      </div>
    </article>
  )
}

/** Two shares typed from the paper; of them nothing is kept, here or on the server. */
export function TryShares({ tested }: { tested?: () => void }) {
  const t = useWords()
  const [typed, setTyped] = useState<[string, string]>(['', ''])
  const [said, setSaid] = useState<{ isRight: boolean; text: string }>()
  const [isBusy, setBusy] = useState(false)
  const check = async () => {
    setBusy(true)
    try {
      const found = await ask<SharesTested>('POST', '/api/root-key/test', {
        body: { shares: typed },
      })
      const isRight = found.kind === 'opens'
      setSaid({ isRight, text: testedText(t, found) })
      if (isRight) {
        setTyped(['', ''])
        tested?.()
      }
    } catch (error) {
      setSaid({ isRight: false, text: refusalText(t, error) })
    }
    setBusy(false)
  }
  return (
    <form noValidate onSubmit={sentBy(() => void check())}>
      <p>{t('trySharesText')}</p>
      {(['firstShare', 'secondShare'] as const).map((label, at) => (
        <Textarea
          key={label}
          className="k-share-typed"
          label={t(label)}
          mt="xs"
          autosize
          minRows={3}
          maxLength={400}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={typed[at]}
          onChange={(event) =>
            setTyped(typed.with(at, event.currentTarget.value) as [string, string])
          }
        />
      ))}
      <div role={said?.isRight ? 'status' : 'alert'} className="k-share-said">
        {said?.isRight && <IconCheck size={16} aria-hidden />}
        {said?.text}
      </div>
      <Button type="submit" variant="default" loading={isBusy} disabled={typed.includes('')}>
        {t('checkShares')}
      </Button>
    </form>
  )
}

function testedText(t: Speak, found: SharesTested): string {
  switch (found.kind) {
    case 'wrong-groups':
      return t('shares.wrong-groups', { which: found.which, groups: found.groups.join(', ') })
    case 'other-set':
      return t('shares.other-set', { days: found.days.map((day) => t.day(day)).join(', ') })
    default: {
      const { kind, ...rest } = found
      return t(`shares.${kind}`, rest)
    }
  }
}
