import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecordKind, Revealed } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tellRefusal } from '../parts/tell.tsx'

const REASON_MIN = 5

// Long enough to copy a number, short enough for a screen left open.
const MASK_AGAIN_S = 60

export type Shown = Revealed

/** Counts down what may stay on the screen of somebody who walked away. */
export function useCountdown(isRunning: boolean, ended: () => void): number {
  const [left, setLeft] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts once for each reveal
  useEffect(() => {
    if (!isRunning) return
    const endsAt = Date.now() + MASK_AGAIN_S * 1000
    const tick = () => {
      const now = Math.ceil((endsAt - Date.now()) / 1000)
      setLeft(Math.max(0, now))
      if (now <= 0) ended()
    }
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [isRunning])
  return left
}

/** Asks why; the answer is kept beside who looked and when. */
export function RevealDialog({
  kind,
  id,
  close,
  done,
}: {
  kind: RecordKind
  id: string
  close: () => void
  done: (shown: Shown) => void
}) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      const body = { reason: reason.trim() }
      const shown = await ask<Partial<Shown>>('POST', `/api/${kind}/${id}/reveal`, { body })
      done({ ibans: [], confidential: {}, customNames: {}, ...shown })
      close()
    } catch (error) {
      tellRefusal(t, error)
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('revealTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={sentBy(() => void go())}>
        <Textarea
          data-autofocus
          label={t('revealReason')}
          description={t('revealReasonHint')}
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={isBusy} disabled={reason.trim().length < REASON_MIN}>
            {t('reveal')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
