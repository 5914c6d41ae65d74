import { Button, Group, Modal, Select } from '@mantine/core'
import { useRef, useState } from 'react'
import { ask } from '../api/client.ts'
import type { FileLine, Retention, RetentionRule } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import '../language/late-retention.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { tell } from '../parts/tell.tsx'
import { useRules } from './kept-until.ts'

/** Has a file kept by a law, by another one, or by none. */
export function KeepFile({
  file,
  refresh,
  close,
}: {
  file: FileLine
  refresh: () => Promise<unknown>
  close: () => void
}) {
  const t = useWords()
  const may = useMay()
  const [retention, setRetention] = useState<Partial<Retention> | null>(file.retention)
  const asked = useAsked(retention)
  const isNone = retention === null && file.retention !== null
  const send = async () => {
    // Whoever looks after erasures corrects it, though they edit no files.
    const path = may('files:edit') ? 'files' : 'retained-files'
    await ask('PUT', `/api/${path}/${file.id}/retention`, {
      body: { rowVersion: file.rowVersion, retention: isNone ? null : asked },
    })
    tell(t('keptSaved'))
    await refresh()
  }
  return (
    <FormDialog
      title={t('keepByLawTitle')}
      text={t('keepByLawText')}
      action={t('save')}
      isReady={isNone || asked !== undefined}
      send={send}
      close={close}
    >
      <RetentionFields
        value={retention}
        change={setRetention}
        mayBeNone={file.retention !== null}
      />
    </FormDialog>
  )
}

/** Chooses the law and the day first, and then what is added. */
export function AddKept({
  add,
  close,
}: {
  add: (files: Iterable<File>, retention: Retention) => void
  close: () => void
}) {
  const t = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [retention, setRetention] = useState<Partial<Retention> | null>({})
  const asked = useAsked(retention)
  return (
    <Modal
      opened
      onClose={close}
      title={t('addKeptTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('addKeptText')}
      </p>
      <RetentionFields value={retention} change={setRetention} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('chooseFiles')}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          if (!asked || files.length === 0) return
          add(files, asked)
          close()
        }}
      />
      <Group justify="flex-end" mt="lg">
        <Button disabled={!asked} onClick={() => input.current?.click()}>
          {t('chooseFiles')}
        </Button>
      </Group>
    </Modal>
  )
}

/** What can be sent: a rule, and a day where the rule begins at one. */
function useAsked(given: Partial<Retention> | null): Retention | undefined {
  const rule = useRules().find(({ code }) => code === given?.rule)
  if (!rule) return undefined
  const from = given?.from || null
  return rule.startsAt === 'document' && !from ? undefined : { rule: rule.code, from }
}

function RetentionFields({
  value,
  change,
  mayBeNone = false,
}: {
  value: Partial<Retention> | null
  change: (next: Partial<Retention> | null) => void
  mayBeNone?: boolean
}) {
  const t = useWords()
  const rules = useRules()
  const rule = rules.find(({ code }) => code === value?.rule)
  const groups = [...Map.groupBy(rules, (one) => one.jurisdiction)].map(([jurisdiction, ofIt]) => ({
    group: t(`jurisdiction.${jurisdiction}`),
    items: ofIt.map((one) => ({ value: one.code, label: one.name[t.language] })),
  }))
  const none = { value: '', label: t('retentionNone') }
  return (
    <>
      <Select
        label={t('retentionRule')}
        description={rule && ruleText(t, rule)}
        required
        allowDeselect={false}
        data={mayBeNone ? [...groups, none] : groups}
        value={value === null ? '' : (value.rule ?? null)}
        onChange={(next) => change(next ? { ...value, rule: next } : null)}
      />
      {rule && (
        <DateField
          mt="sm"
          label={t(rule.startsAt === 'document' ? 'documentDate' : 'relationEnded')}
          {...(rule.startsAt === 'end-of-relation' && { description: t('relationEndedHint') })}
          required={rule.startsAt === 'document'}
          isPast
          value={value?.from ?? ''}
          change={(from) => change({ ...value, from: from || null })}
        />
      )}
    </>
  )
}

function ruleText(t: Speak, { years, startsAt, fromNewYear, statute }: RetentionRule): string {
  const starts = fromNewYear ? 'new-year' : startsAt
  return `${t.count('retentionYearsOne', 'retentionYearsMany', years)} ${t(`retentionStarts.${starts}`)} (${statute})`
}
