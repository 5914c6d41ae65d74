import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { FileLine } from '../api/shapes.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'

export function RenameFile({
  file,
  refresh,
  close,
}: {
  file: FileLine
  refresh: () => Promise<unknown>
  close: () => void
}) {
  const t = useWords()
  const [name, setName] = useState(file.name ?? '')
  const save = async () => {
    try {
      await ask('PATCH', `/api/files/${file.id}`, { body: { rowVersion: file.rowVersion, name } })
      tell(t('renamed'))
      close()
    } catch (error) {
      tellRefusal(t, error)
    } finally {
      await refresh()
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('rename')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={sentBy(() => void save())}>
        <TextInput
          data-autofocus
          label={t('fileName')}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onFocus={(event) => {
            // The part before the extension: that is what one changes.
            const dot = event.currentTarget.value.lastIndexOf('.')
            event.currentTarget.setSelectionRange(0, dot > 0 ? dot : name.length)
          }}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit" disabled={name.trim() === '' || name === file.name}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
