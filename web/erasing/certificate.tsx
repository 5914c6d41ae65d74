import { Button, Group } from '@mantine/core'
import { IconCertificate, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Erasure } from '../api/shapes.ts'
import '../language/late-erasing.ts'
import '../style/erasing.css'
import { useWords } from '../language/words.tsx'

// It is written in both languages, Dutch first, for whoever gets it in hand.
const PARTED_BY = '\n\n---\n\n'

const asFile = (text: string) => `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`

/** What shows that something was erased: to read here, and as two files. */
export function Certificate({ erasure: { id, text, note } }: { erasure: Erasure }) {
  const t = useWords()
  const [isRead, setRead] = useState(false)
  const [dutch, english] = text.split(PARTED_BY)
  const file = (word: 'certificateText' | 'certificateNote', name: string, held: string) => (
    <Button
      variant="default"
      size="compact-sm"
      component="a"
      leftSection={<IconDownload size={14} aria-hidden />}
      download={name}
      href={asFile(held)}
    >
      {t(word)}
    </Button>
  )
  return (
    <>
      <Group gap={8}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconCertificate size={14} aria-hidden />}
          aria-expanded={isRead}
          onClick={() => setRead(!isRead)}
        >
          {t('certificateRead')}
        </Button>
        {file('certificateText', `${id}.txt`, text)}
        {file('certificateNote', `${id}.note`, note)}
      </Group>
      {isRead && (
        <>
          <div className="k-certificate">
            {(t.language === 'nl' ? dutch : english)?.trim() ?? text}
          </div>
          <p className="k-dim k-small">{t('certificateHint')}</p>
        </>
      )}
    </>
  )
}
