import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { Refusal } from '../api/client.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

export type ConfirmedText = {
  send: (isConfirmed?: boolean) => Promise<void>
  isBusy: boolean
  isNumberFound: boolean
  letBe: () => void
}

/** Sends a text; when the server thinks it holds a national number, waits for a second look. */
export function useConfirmedText(act: (isConfirmed: boolean) => Promise<void>): ConfirmedText {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  const [isNumberFound, setFound] = useState(false)
  const send = async (isConfirmed = false) => {
    setBusy(true)
    setFound(false)
    try {
      await act(isConfirmed)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'national-number-found') setFound(true)
      else tellRefusal(t, error)
    } finally {
      setBusy(false)
    }
  }
  return { send, isBusy, isNumberFound, letBe: () => setFound(false) }
}

export function NationalNumberDialog({ text }: { text: ConfirmedText }) {
  const t = useWords()
  if (!text.isNumberFound) return null
  return (
    <Modal
      opened
      onClose={text.letBe}
      title={t('national-number-found')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ marginTop: 0 }}>{t('nationalNumberText')}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => void text.send(true)}>
          {t('storeAnyway')}
        </Button>
        <Button data-autofocus onClick={text.letBe}>
          {t('changeText')}
        </Button>
      </Group>
    </Modal>
  )
}
