import { Button, Group, Modal, Textarea } from '@mantine/core'
import { IconEye, IconPencil } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Person, PersonEdit, Revealed } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lock } from '../parts/marks.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { Copy, Field } from './inline.tsx'

const REASON_MIN = 5

// Long enough to copy a number, short enough for a screen left open.
const MASK_AGAIN_S = 60

/** Account numbers: masked until somebody says why they need them, and masked again soon. */
export function Confidential({
  record,
  edit,
  canEdit,
}: {
  record: Person
  edit: (change: PersonEdit) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const may = useMay()
  const [dialog, setDialog] = useState<'reveal' | 'edit'>()
  const [revealed, setRevealed] = useState<string[]>()
  const left = useCountdown(Boolean(revealed), () => setRevealed(undefined))
  const lock = <Lock kind="confidential" teamId={record.teamId} />
  return (
    <div className="k-group">
      <h3>{t('confidential')}</h3>
      <Field label={t('iban')} lock={lock}>
        {(revealed ?? record.ibans).map((iban) => (
          <div className="k-value-line" key={iban}>
            <span
              className="k-value"
              style={{ cursor: 'default', fontVariantNumeric: 'tabular-nums' }}
            >
              {iban.replace(/(.{4})(?=\w)/g, '$1 ')}
            </span>
            {revealed && <Copy value={iban} />}
          </div>
        ))}
        {record.ibans.length === 0 && (
          <span className="k-value" data-empty>
            –
          </span>
        )}
      </Field>
      <Group gap="xs" px={8} mt={4}>
        {record.ibans.length > 0 && !revealed && may('people:reveal') && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconEye size={13} aria-hidden />}
            onClick={() => setDialog('reveal')}
          >
            {t('reveal')}
          </Button>
        )}
        {revealed && (
          <span className="k-dim k-small" role="status">
            {t('maskedAgain', { seconds: left })}
          </span>
        )}
        {canEdit && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconPencil size={13} aria-hidden />}
            onClick={() => setDialog('edit')}
          >
            {t('edit')}
          </Button>
        )}
      </Group>
      {dialog === 'reveal' && (
        <RevealDialog id={record.id} close={() => setDialog(undefined)} done={setRevealed} />
      )}
      {dialog === 'edit' && <EditDialog edit={edit} close={() => setDialog(undefined)} />}
    </div>
  )
}

function useCountdown(isRunning: boolean, ended: () => void): number {
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

function RevealDialog({
  id,
  close,
  done,
}: {
  id: string
  close: () => void
  done: (ibans: string[]) => void
}) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      const body = { reason: reason.trim() }
      done((await ask<Revealed>('POST', `/api/people/${id}/reveal`, { body })).ibans)
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
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
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

function EditDialog({
  edit,
  close,
}: {
  edit: (change: PersonEdit) => Promise<boolean>
  close: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const [isBusy, setBusy] = useState(false)
  const ibans = typed
    .split(/[\n,;]+/)
    .map((line) => line.trim())
    .filter(Boolean)
  const go = async () => {
    setBusy(true)
    if (await edit({ ibans })) close()
    setBusy(false)
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('confidentialEdit')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        <p className="k-dim" style={{ marginTop: 0 }}>
          {t('confidentialEditText')}
        </p>
        <Textarea
          data-autofocus
          label={t('iban')}
          description={t('ibanHint')}
          autosize
          minRows={2}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={isBusy}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
