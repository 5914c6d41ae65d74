import { Button, Group, Modal } from '@mantine/core'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'

// What runs, or holds what runs, once it is opened.
const RISKY =
  /\.(exe|com|scr|pif|msi|msix|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|cpl|jar|lnk|url|reg|iso|img|vhd|vhdx|dmg|pkg|app|apk|sh|command|desktop|html?|xhtml|mht|svg|docm|dotm|xlsm|xltm|xlam|xll|pptm|ppam|potm|one|chm|zip|rar|7z|gz|tar)$/i

export function isRisky(name: string): boolean {
  return RISKY.test(name)
}

/** The browser saves it by itself: the answer is an attachment, streamed, and never held in the page. */
export function fetchFile(id: string): void {
  const link = document.createElement('a')
  link.href = `/api/files/${id}/content`
  link.download = ''
  link.rel = 'noopener'
  link.click()
}

export function DownloadRisky({
  name,
  download,
  close,
}: {
  name: string
  download: () => void
  close: () => void
}) {
  const t = useWords()
  return (
    <Modal
      opened
      onClose={close}
      title={t('riskyFileTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ marginTop: 0 }}>{t('riskyFileText', { name })}</p>
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => {
            download()
            close()
          }}
        >
          {t('downloadAnyway')}
        </Button>
        <Button data-autofocus onClick={close}>
          {t('cancel')}
        </Button>
      </Group>
    </Modal>
  )
}
