/** Asks a colleague to agree to what was refused: why, and exactly what will be done. */
import { sentBy } from '../parts/sent-by.ts'
import '../language/late-grants.ts'
import '../style/grants.css'
import { Button, Modal, Textarea } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Given, type GrantAsked, Refusal } from '../api/client.ts'
import type { ActionPreview } from '../api/shapes.ts'
import { useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { previewText } from './preview-text.ts'

type Props = GrantAsked & { give: (given: Given) => void; leave: (why: unknown) => void }
type Detail = { preview: ActionPreview; deciders: number; isWaiting: boolean }

const REASON_MIN = 10

export default function AskApproval({ refusal, give, leave }: Props) {
  const t = useWords()
  const names = { ...useNames(), role: useRoleName() }
  const navigate = useNavigate()
  const [reason, setReason] = useState('')
  const { preview, deciders, isWaiting } = refusal.detail as Detail
  const close = () => leave(new Refusal('approval-needed', 0))
  const isAskable = deciders > 0 && !isWaiting
  return (
    <Modal
      opened
      onClose={close}
      closeButtonProps={{ 'aria-label': t('close') }}
      title={t('askTitle')}
      size={460}
    >
      <p style={{ marginTop: 0 }}>{t('askText')}</p>
      <p className="k-preview">{previewText(t, names, preview)}</p>
      {isWaiting && (
        <>
          <p role="status">{t('askWaiting')}</p>
          <Button
            variant="default"
            onClick={() => {
              close()
              void navigate({ to: '/approvals' })
            }}
          >
            {t('approvals')}
          </Button>
        </>
      )}
      {deciders === 0 && !isWaiting && <p role="alert">{t('askNobody')}</p>}
      {isAskable && (
        <form
          noValidate
          onSubmit={sentBy(() => {
            // A header holds no accents.
            give({ 'kluis-reason': encodeURIComponent(reason.trim()) })
          })}
        >
          <Textarea
            autoFocus
            autosize
            minRows={2}
            label={t('askReason')}
            description={t('askReasonHint')}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth mt="md" disabled={reason.trim().length < REASON_MIN}>
            {t.count('askOne', 'askMany', deciders)}
          </Button>
        </form>
      )}
    </Modal>
  )
}
