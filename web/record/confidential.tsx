import { ActionIcon, Button, Group, Modal, Textarea } from '@mantine/core'
import { IconEye, IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import type { FieldDefinition, PersonEdit, RecordKind } from '../api/shapes.ts'
import { type EditCustom, saveOf, shownIn } from '../fields/custom-details.tsx'
import { useCustomFields } from '../fields/custom-fields.ts'
import { FieldLine } from '../fields/field-line.tsx'
import { InlineValue, type SaveValue } from '../fields/inline-value.tsx'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lock } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { Copy, Field } from './inline.tsx'
import { RevealDialog, type Shown, useCountdown } from './reveal.tsx'
import type { OfKind } from './use-record.ts'

/** Account numbers and fields for some roles only: masked until somebody says why, and masked again soon. */
export function Confidential({
  kind,
  record,
  edit,
  canEdit,
}: {
  kind: RecordKind
  record: OfKind[RecordKind]['record']
  edit: EditCustom & ((change: PersonEdit) => Promise<boolean>)
  canEdit: boolean
}) {
  const t = useWords()
  const may = useMay()
  const [dialog, setDialog] = useState<'reveal' | 'edit'>()
  const [revealed, setRevealed] = useState<Shown>()
  const left = useCountdown(Boolean(revealed), () => setRevealed(undefined))
  const fields = shownIn(useCustomFields(kind), 'confidential', record.confidential)
  const ibans = 'ibans' in record ? record.ibans : undefined
  const isAnyMasked = (ibans?.length ?? 0) > 0 || fields.some(({ id }) => id in record.confidential)
  if (!ibans && fields.length === 0) return null
  const saveField = (field: FieldDefinition): SaveValue => {
    const save = saveOf(field, edit)
    return async (value) => {
      const kept = await save(value)
      // What was shown is no longer what stands there.
      if (kept === true) setRevealed((now) => now && without(now, field.id))
      return kept
    }
  }
  return (
    <div className="k-group">
      <h3>{t('confidential')}</h3>
      {ibans && (
        <div className="k-ibans">
          <Field label={t('iban')} lock={<Lock kind="confidential" teamId={record.teamId} />}>
            {(revealed?.ibans ?? ibans).map((iban) => (
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
            {ibans.length === 0 && (
              <span className="k-value" data-empty>
                –
              </span>
            )}
            {canEdit && (
              <ActionIcon
                size="sm"
                className="k-iban-edit"
                aria-label={`${t('edit')}: ${t('iban')}`}
                onClick={() => setDialog('edit')}
              >
                <IconPencil size={13} stroke={1.7} />
              </ActionIcon>
            )}
          </Field>
        </div>
      )}
      {fields.map((field) => {
        const isShown = revealed !== undefined && field.id in revealed.confidential
        return (
          <FieldLine key={field.id} field={field} teamId={record.teamId}>
            <InlineValue
              field={field}
              value={revealed?.confidential[field.id]}
              names={revealed?.customNames ?? {}}
              canEdit={canEdit && !field.isArchived}
              isMasked={!isShown && field.id in record.confidential}
              save={saveField(field)}
            />
          </FieldLine>
        )
      })}
      <Group gap="xs" px={8} mt={4}>
        {isAnyMasked && !revealed && may(`${kind}:reveal`) && (
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
      </Group>
      {dialog === 'reveal' && (
        <RevealDialog
          kind={kind}
          id={record.id}
          close={() => setDialog(undefined)}
          done={setRevealed}
        />
      )}
      {dialog === 'edit' && <EditDialog edit={edit} close={() => setDialog(undefined)} />}
    </div>
  )
}

function without({ confidential, ...shown }: Shown, fieldId: string): Shown {
  const { [fieldId]: _, ...rest } = confidential
  return { ...shown, confidential: rest }
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
      <form noValidate onSubmit={sentBy(() => void go())}>
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
