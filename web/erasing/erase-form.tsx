import { NumberInput, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { DossierKind, ErasedState, Erasure, ErasurePlan } from '../api/shapes.ts'
import { useNamesOf } from '../fields/record-names.ts'
import '../language/late-erasing.ts'
import '../style/erasing.css'
import { useWords } from '../language/words.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText, tell, tellRefusal } from '../parts/tell.tsx'
import { subjectKinds } from '../record/dossier-kind.ts'

const GRACE_DAYS = 30
const GRACE_DAYS_MAX = 3_650
const STILL_TYPING_MS = 300

const asTyped = (name: string) => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** Destroys the keys of one record. It is asked as no other thing: what goes, what stays where, why, and the name once more. */
export default function EraseForm({
  kind,
  record,
  close,
}: {
  kind: DossierKind
  record: { id: string; displayName: string }
  close: () => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const name = record.displayName.trim() || t('aRecord')
  const [reason, setReason] = useState('')
  const [graceDays, setGraceDays] = useState<number | ''>(GRACE_DAYS)
  const [typed, setTyped] = useState('')
  const [askedDays] = useDebouncedValue(graceDays, STILL_TYPING_MS)
  const days = askedDays === '' ? GRACE_DAYS : askedDays
  const plan = useQuery({
    queryKey: ['erasure-plan', record.id, days],
    queryFn: () =>
      ask<ErasurePlan>('GET', `/api/${kind}/${record.id}/erasure-plan`, {
        query: { graceDays: days },
      }),
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  const send = async () => {
    const subject = { kind: subjectKinds[kind], id: record.id }
    try {
      const erasure = await ask<Erasure>('POST', '/api/erasures', {
        body: { subject, reason: reason.trim(), graceDays },
      })
      const { erasedAt, completeOn } = erasure.certificate
      const state: ErasedState = { erased: { erasedAt, completeOn, erasure } }
      queries.setQueryData([kind, 'erasure', record.id], state)
      tell(t('erasedNow'))
      // The page asks for the record again, and then says that it is erased, with the certificate.
      await queries.resetQueries({ queryKey: [kind, 'one', record.id] })
      void queries.invalidateQueries({ queryKey: ['people'] })
      void queries.invalidateQueries({ queryKey: ['companies'] })
      void queries.invalidateQueries({ queryKey: ['joint-dossiers'] })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'approval-asked') throw error
      // Asked is not refused: it waits for a second person.
      tellRefusal(t, error)
    }
  }
  return (
    <FormDialog
      title={t('eraseTitle', { name })}
      text={t('eraseText')}
      action={t('eraseNow')}
      color="red"
      isReady={
        plan.isSuccess &&
        graceDays !== '' &&
        reason.trim() !== '' &&
        asTyped(typed) === asTyped(name)
      }
      send={send}
      close={close}
    >
      <div className="k-erase">
        {plan.data && <WhatHappens plan={plan.data} />}
        {plan.isPending && <Lines />}
        {plan.error && !plan.data && <p role="alert">{refusalText(t, plan.error)}</p>}
        <Textarea
          mt="md"
          autosize
          minRows={2}
          required
          label={t('eraseReason')}
          description={t('eraseReasonHint')}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NumberInput
          mt="sm"
          label={t('eraseGrace')}
          description={t('eraseGraceHint')}
          min={0}
          max={GRACE_DAYS_MAX}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          value={graceDays}
          onChange={(next) => setGraceDays(typeof next === 'number' ? next : '')}
        />
        <TextInput
          mt="sm"
          required
          label={t('eraseConfirm')}
          description={name}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
    </FormDialog>
  )
}

function WhatHappens({ plan }: { plan: ErasurePlan }) {
  const t = useWords()
  const { merged, soleTraderCompanies, left, unseen, jointDossiers, retained } = plan
  const kept = retained.reduce((sum, one) => sum + one.count, 0)
  const companies = [...soleTraderCompanies, ...left]
  const names = useNamesOf(companies.map((id) => ({ kind: 'companies' as const, id })))
  return (
    <>
      <h3>{t('eraseGoes')}</h3>
      <ul>
        <li>{t('eraseWhole')}</li>
        {merged > 0 && <li>{t.count('eraseMergedOne', 'eraseMergedMany', merged)}</li>}
        {soleTraderCompanies.map((id) => (
          <li key={id}>{t('eraseOwnCompany', { name: names[id] ?? '…' })}</li>
        ))}
        {unseen.soleTraderCompanies > 0 && (
          <li>{t.count('eraseUnseenOne', 'eraseUnseenMany', unseen.soleTraderCompanies)}</li>
        )}
        {jointDossiers.erased > 0 && (
          <li>{t.count('eraseJointOne', 'eraseJointMany', jointDossiers.erased)}</li>
        )}
      </ul>
      <p className="k-dim">{t.count('eraseKeysOne', 'eraseKeysMany', plan.keySlots)}</p>
      {left.length + unseen.left + jointDossiers.left + kept > 0 && (
        <>
          <h3>{t('eraseStays')}</h3>
          <ul>
            {left.map((id) => (
              <li key={id}>{t('eraseLeft', { name: names[id] ?? '…' })}</li>
            ))}
            {jointDossiers.left > 0 && (
              <li>{t.count('eraseJointLeftOne', 'eraseJointLeftMany', jointDossiers.left)}</li>
            )}
            {kept > 0 && <li>{t.count('eraseKeptOne', 'eraseKeptMany', kept)}</li>}
            {unseen.left > 0 && (
              <li>{t.count('eraseLeftUnseenOne', 'eraseLeftUnseenMany', unseen.left)}</li>
            )}
          </ul>
        </>
      )}
      <h3>{t('eraseRemains')}</h3>
      <ul className="k-small">
        {plan.remains[t.language].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}
