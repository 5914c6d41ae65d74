import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { NoteVersions } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Closed, Lines } from '../parts/marks.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { useAuthor } from './note-line.tsx'

/** The texts a note had before, and who wrote and replaced each. */
export function NoteHistory({ id, close }: { id: string; close: () => void }) {
  const t = useWords()
  const author = useAuthor(false)
  const versions = useQuery({
    queryKey: ['note-versions', id],
    queryFn: () => ask<NoteVersions>('GET', `/api/notes/${id}/versions`),
    gcTime: 0,
  })
  return (
    <Modal
      opened
      onClose={close}
      size={620}
      title={t('noteHistory')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('noteHistoryText')}
      </p>
      {versions.error && <Broken error={versions.error} />}
      {versions.isPending && <Lines />}
      {versions.data?.items.map((one) => (
        <section key={one.id} className="k-version">
          <div className="k-dim k-small">
            {t('noteVersionLine', {
              writer: author(one.writtenBy),
              written: t.instant(one.writtenAt),
              replacer: author(one.replacedBy),
              replaced: t.instant(one.replacedAt),
            })}
          </div>
          {one.closed ? <Closed why={one.closed} /> : <RichText text={one.body} />}
        </section>
      ))}
    </Modal>
  )
}
