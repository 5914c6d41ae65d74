import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { IconEye, IconPencil } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Company, Person, RecordKind, Revealed } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lock } from '../parts/marks.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { Copy, Field } from './inline.tsx'
import type { OfKind } from './use-record.ts'

const REASON_MIN = 5

/** Account and national numbers: masked until somebody says why they need them, and masked again soon. */
export function Confidential<K extends RecordKind>({
  kind,
  record,
  edit,
  canEdit,
}: {
  kind: K
  record: Person | Company
  edit: (change: OfKind[K]['edit']) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const may = useMay()
  const [dialog, setDialog] = useState<'reveal' | 'edit'>()
  const [revealed, setRevealed] = useState<Revealed>()
  const left = useCountdown(revealed?.maskAgainAfterSeconds, () => setRevealed(undefined))
  const { ibans, hasNationalNumber } = record.confidential
  const isEmpty = ibans.length === 0 && !hasNationalNumber
  const lock = <Lock kind="confidential" visibleTo={record.visibleTo} teamId={record.teamId} />
  return (
    <div className="k-group">
      <h3>{t('confidential')}</h3>
      <Field label={t('iban')} lock={lock}>
        {(revealed?.ibans ?? ibans).map((iban) => (
          <div className="k-value-line" key={iban}>
            <span className="k-value" style={{ cursor: 'default', fontVariantNumeric: 'tabular-nums' }}>
              {iban}
            </span>
            {revealed && <Copy value={iban} />}
          </div>
        ))}
        {ibans.length === 0 && <span className="k-value" data-empty>–</span>}
      </Field>
      {kind === 'people' && (
        <Field label={t('nationalNumber')} lock={lock}>
          <span className="k-value" style={{ cursor: 'default' }} {...(hasNationalNumber ? {} : { 'data-empty': true })}>
            {revealed?.nationalNumber ?? (hasNationalNumber ? '••• ••• •••' : '–')}
          </span>
        </Field>
      )}
      <Group gap="xs" px={8} mt={4}>
        {!isEmpty && !revealed && may('people:reveal') && (
          <Button size="compact-xs" variant="default" leftSection={<IconEye size={13} aria-hidden />} onClick={() => setDialog('reveal')}>
            {t('reveal')}
          </Button>
        )}
        {revealed && (
          <span className="k-dim k-small" role="status">
            {t('maskedAgain', { seconds: left })}
          </span>
        )}
        {canEdit && (
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconPencil size={13} aria-hidden />} onClick={() => setDialog('edit')}>
            {t('edit')}
          </Button>
        )}
      </Group>
      {dialog === 'reveal' && (
        <RevealDialog kind={kind} id={record.id} close={() => setDialog(undefined)} done={setRevealed} />
      )}
      {dialog === 'edit' && (
        <EditDialog kind={kind} edit={edit} close={() => setDialog(undefined)} />
      )}
    </div>
  )
}

function useCountdown(seconds: number | undefined, ended: () => void): number {
  const [left, setLeft] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts once for each reveal
  useEffect(() => {
    if (seconds === undefined) return
    const endsAt = Date.now() + seconds * 1000
    const tick = () => {
      const now = Math.ceil((endsAt - Date.now()) / 1000)
      setLeft(Math.max(0, now))
      if (now <= 0) ended()
    }
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [seconds])
  return left
}

function RevealDialog({
  kind,
  id,
  close,
  done,
}: {
  kind: RecordKind
  id: string
  close: () => void
  done: (revealed: Revealed) => void
}) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      done(await ask<Revealed>('POST', `/api/${kind}/${id}/reveal`, { body: { reason: reason.trim() } }))
      close()
    } catch (error) {
      tellRefusal(t, error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={close} title={t('revealTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
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

function EditDialog<K extends RecordKind>({
  kind,
  edit,
  close,
}: {
  kind: K
  edit: (change: OfKind[K]['edit']) => Promise<boolean>
  close: () => void
}) {
  const t = useWords()
  const [ibans, setIbans] = useState('')
  const [nationalNumber, setNationalNumber] = useState('')
  const [isBusy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    const lines = ibans.split(/[\n,;]+/).map((line) => line.trim()).filter(Boolean)
    const confidential = {
      ...(lines.length > 0 ? { ibans: lines } : {}),
      ...(nationalNumber.trim() ? { nationalNumber: nationalNumber.trim() } : {}),
    }
    if (await edit({ confidential } as OfKind[K]['edit'])) close()
    setBusy(false)
  }
  return (
    <Modal opened onClose={close} title={t('confidentialEdit')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        <p className="k-dim" style={{ marginTop: 0 }}>
          {t('confidentialEditText')}
        </p>
        <Textarea data-autofocus label={t('iban')} description={t('ibanHint')} autosize minRows={2} value={ibans} onChange={(event) => setIbans(event.currentTarget.value)} />
        {kind === 'people' && (
          <TextInput mt="sm" label={t('nationalNumber')} autoComplete="off" value={nationalNumber} onChange={(event) => setNationalNumber(event.currentTarget.value)} />
        )}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={isBusy} disabled={ibans.trim() === '' && nationalNumber.trim() === ''}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
