import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SharedWith, View } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tellRefusal } from '../parts/tell.tsx'

type Named = { name: string; sharedWith: SharedWith }

/** The name of a view or segment and who sees it: when it is made, and afterwards. */
export function ViewForm({
  kind,
  was = { name: '', sharedWith: 'nobody' },
  close,
  save,
}: {
  kind: View['kind']
  was?: Named
  close: () => void
  save: (named: Named) => Promise<void>
}) {
  const t = useWords()
  const may = useMay()
  const [name, setName] = useState(was.name)
  const [sharedWith, setSharedWith] = useState<SharedWith>(was.sharedWith)
  const [isBusy, setBusy] = useState(false)
  const choices: SharedWith[] =
    may('views:share') || was.sharedWith === 'everyone'
      ? ['nobody', 'team', 'everyone']
      : ['nobody', 'team']
  return (
    <Modal
      opened
      onClose={close}
      title={t(kind)}
      size={420}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={sentBy(() => {
          setBusy(true)
          save({ name: name.trim(), sharedWith })
            .then(close)
            .catch((error: unknown) => tellRefusal(t, error))
            .finally(() => setBusy(false))
        })}
      >
        <TextInput
          data-autofocus
          label={t('viewName')}
          description={t('viewNameHint')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p id="view-shared" className="k-dim k-small" style={{ margin: '14px 0 4px' }}>
          {t('viewShared')}
        </p>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="view-shared"
          data={choices.map((value) => ({ value, label: t(`shared.${value}`) }))}
          value={sharedWith}
          onChange={(value) => setSharedWith(value as SharedWith)}
        />
        <div className="k-actions" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** Asked beforehand: what hangs on a view or segment would not hang on one that is made anew. */
export function ViewRemoval({
  view,
  close,
  remove,
}: {
  view: View
  close: () => void
  remove: () => Promise<void>
}) {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  return (
    <Modal
      opened
      onClose={close}
      title={t('viewRemove', { name: view.content?.name ?? t('viewUntitled') })}
      size={420}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ margin: 0 }}>
        {t(view.kind === 'segment' ? 'segmentRemoveText' : 'viewRemoveText')}
      </p>
      <div className="k-actions" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={close} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          color="red.9"
          loading={isBusy}
          onClick={() => {
            setBusy(true)
            remove()
              .then(close)
              .catch((error: unknown) => tellRefusal(t, error))
              .finally(() => setBusy(false))
          }}
        >
          {t('remove')}
        </Button>
      </div>
    </Modal>
  )
}
