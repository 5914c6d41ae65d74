import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { Refusal } from '../api/client.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

type Found = { kind: string; start: number; end: number }

export type ConfirmedText = {
  send: (isConfirmed?: boolean) => Promise<void>
  isBusy: boolean
  found: Found[] | undefined
  letBe: () => void
}

/** Sends a text; when the server thinks it holds a national number, waits for a second look. */
export function useConfirmedText(act: (isConfirmed: boolean) => Promise<void>): ConfirmedText {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  const [found, setFound] = useState<Found[]>()
  const send = async (isConfirmed = false) => {
    setBusy(true)
    setFound(undefined)
    try {
      await act(isConfirmed)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'national-number-found')
        setFound((error.detail.found as Found[] | undefined) ?? [])
      else tellRefusal(t, error)
    } finally {
      setBusy(false)
    }
  }
  return { send, isBusy, found, letBe: () => setFound(undefined) }
}

export function NationalNumberDialog({ text, typed }: { text: ConfirmedText; typed: string }) {
  const t = useWords()
  if (!text.found) return null
  return (
    <Modal
      opened
      onClose={text.letBe}
      title={t('national-number-found')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ marginTop: 0 }}>{t('nationalNumberText')}</p>
      <ul>
        {text.found.map((one) => (
          <li key={one.start}>
            <code>{typed.slice(one.start, one.end)}</code>
          </li>
        ))}
      </ul>
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
