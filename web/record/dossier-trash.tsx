import { Button, Group, Modal } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, DossierTrash as Trash } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useMay } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Closed, Lines } from '../parts/marks.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { useAuthor } from './note-line.tsx'

type Thrown = Trash['items'][number]

/** A button at the foot of the dossier, and behind it the notes and files that were thrown away. */
export function DossierTrash({
  kind,
  id,
  refresh,
}: {
  kind: DossierKind
  id: string
  refresh: () => Promise<unknown>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        mt="lg"
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('dossierTrash')}
      </Button>
      {isOpen && <Contents kind={kind} id={id} refresh={refresh} close={() => setOpen(false)} />}
    </>
  )
}

function Contents({
  kind,
  id,
  refresh,
  close,
}: {
  kind: DossierKind
  id: string
  refresh: () => Promise<unknown>
  close: () => void
}) {
  const t = useWords()
  const trash = useQuery({
    queryKey: [kind, 'dossier-trash', id],
    queryFn: () => ask<Trash>('GET', `/api/${kind}/${id}/trash`),
    gcTime: 0,
  })
  const act = (done: Promise<unknown>, said: string) =>
    done
      .then(() => tell(said))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void Promise.all([refresh(), trash.refetch()]))
  const path = (one: Thrown) => `/api/${one.kind === 'note' ? 'notes' : 'files'}/${one.id}`
  return (
    <Modal
      opened
      onClose={close}
      size={620}
      title={t('dossierTrash')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {trash.error && <Broken error={trash.error} />}
      {trash.isPending && <Lines />}
      {trash.data?.items.length === 0 && <p className="k-dim">{t('dossierTrashEmpty')}</p>}
      {trash.data?.items.map((one) => (
        <ThrownLine
          key={one.id}
          one={one}
          restore={() => act(ask('POST', `${path(one)}/restore`), t('undone'))}
          remove={() => act(ask('DELETE', `${path(one)}/for-good`), t('deletedForGood'))}
        />
      ))}
    </Modal>
  )
}

function ThrownLine({
  one,
  restore,
  remove,
}: {
  one: Thrown
  restore: () => void
  remove: () => void
}) {
  const t = useWords()
  const may = useMay()
  const author = useAuthor(false)
  const [isAsked, setAsked] = useState(false)
  return (
    <section className="k-version">
      <div className="k-dim k-small">
        {t(one.kind === 'note' ? 'note' : 'file')},{' '}
        {t('thrownBy', { who: author(one.deletedBy), when: t.instant(one.deletedAt) })}
      </div>
      {one.closed ? (
        <Closed why={one.closed} />
      ) : one.kind === 'note' ? (
        <RichText text={one.text ?? ''} />
      ) : (
        <p className="k-file-name">{one.name}</p>
      )}
      {may(one.kind === 'note' ? 'notes:delete' : 'files:delete') && (
        <Group gap="xs" mt={6}>
          <Button size="compact-sm" variant="default" onClick={restore}>
            {t('restore')}
          </Button>
          <Button
            size="compact-sm"
            variant={isAsked ? 'filled' : 'subtle'}
            color="red"
            onClick={() => (isAsked ? remove() : setAsked(true))}
          >
            {t('deleteForGood')}
          </Button>
          {isAsked && <span className="k-small">{t('deleteForGoodText')}</span>}
        </Group>
      )}
    </section>
  )
}
