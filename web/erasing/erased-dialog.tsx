import { Modal } from '@mantine/core'
import type { Erasure } from '../api/shapes.ts'
import '../language/late-erasing.ts'
import { useWords } from '../language/words.tsx'
import { Certificate } from './certificate.tsx'

/** What somebody gets who erased where the record does not stand open. */
export default function ErasedDialog({ erasure, close }: { erasure: Erasure; close: () => void }) {
  const t = useWords()
  return (
    <Modal
      opened
      onClose={close}
      title={t('erasedNow')}
      closeButtonProps={{ 'aria-label': t('close') }}
      size={560}
    >
      <p style={{ marginTop: 0 }}>{t('erasedText')}</p>
      <p className="k-dim">{t('completeOn', { day: t.day(erasure.certificate.completeOn) })}</p>
      <Certificate erasure={erasure} />
    </Modal>
  )
}
