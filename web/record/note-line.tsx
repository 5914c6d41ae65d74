import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowRight,
  IconDots,
  IconHistory,
  IconNote,
  IconPencil,
  IconPin,
  IconPinned,
  IconPinnedOff,
  IconTrash,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, TimelineEntry } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { JointMark } from '../joint/joint-mark.tsx'
import { useMayMove } from '../joint/use-joint.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Closed } from '../parts/marks.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { NoteEdit } from './note-edit.tsx'
import { NoteHistory } from './note-history.tsx'

const Move = lazy(patient(() => import('../joint/move.tsx')))

export type NoteLike = Extract<TimelineEntry, { kind: 'note' }>

/** Who did it: oneself as "you", with a capital where it begins a line. */
export function useAuthor(isFirst = true): (userId: string | null) => string {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  return (userId) => {
    if (userId !== user.id) return names.user(userId) || t('openingSystem')
    const you = t('you')
    return isFirst ? you.charAt(0).toUpperCase() + you.slice(1) : you
  }
}

export function NoteLine({
  kind,
  recordId,
  note,
}: {
  kind: DossierKind
  recordId: string
  note: NoteLike
}) {
  const t = useWords()
  const author = useAuthor()
  const within = useAuthor(false)
  const queries = useQueryClient()
  const [shown, setShown] = useState<'edit' | 'history' | 'move'>()
  // On the timeline of a party also stands what hangs on a joint dossier of theirs.
  const place = note.jointDossier
    ? ({ kind: 'joint-dossiers', id: note.jointDossier.id } as const)
    : { kind, id: recordId }
  const mayMove = useMayMove(place.kind, place.id)
  const refresh = () => queries.invalidateQueries({ queryKey: [kind, 'timeline', recordId] })
  const act = (done: Promise<unknown>) =>
    done.catch((error: unknown) => tellRefusal(t, error)).finally(() => void refresh())
  const pin = () =>
    act(
      ask('POST', `/api/notes/${note.id}/pin`, {
        body: { rowVersion: note.rowVersion, isPinned: !note.isPinned },
      }),
    )
  const remove = () =>
    act(
      ask('DELETE', `/api/notes/${note.id}`).then(() =>
        tellWithUndo(t, t('noteRemoved'), () =>
          ask('POST', `/api/notes/${note.id}/restore`).finally(() => void refresh()),
        ),
      ),
    )
  const Icon = note.isPinned ? IconPinned : IconNote
  return (
    <article className="k-entry">
      <Icon size={18} stroke={1.5} className="k-dim" aria-hidden style={{ marginTop: 1 }} />
      <div>
        <div className="k-entry-head">
          <strong>{author(note.createdBy)}</strong>
          <time dateTime={note.createdAt}>{t.instant(note.createdAt)}</time>
          <JointMark of={note.jointDossier} />
          {note.isImported && <span>{t('fromImport')}</span>}
          {note.editedAt && (
            <button
              type="button"
              className="k-quiet-link"
              title={t('noteHistory')}
              onClick={() => setShown('history')}
            >
              {note.editedBy === note.createdBy
                ? t('edited')
                : t('editedBy', { who: within(note.editedBy), when: t.instant(note.editedAt) })}
            </button>
          )}
          <span style={{ flex: 1 }} />
          <NoteMenu
            note={note}
            mayMove={mayMove && !note.closed}
            pin={pin}
            remove={remove}
            show={setShown}
          />
        </div>
        {note.closed ? (
          <Closed why={note.closed} />
        ) : shown === 'edit' ? (
          <NoteEdit note={note} refresh={refresh} close={() => setShown(undefined)} />
        ) : (
          <RichText text={note.text ?? ''} />
        )}
        {shown === 'move' && (
          <Suspense fallback={null}>
            <Move
              moved={{ what: 'notes', id: note.id, rowVersion: note.rowVersion }}
              from={place}
              close={() => setShown(undefined)}
            />
          </Suspense>
        )}
        {shown === 'history' && <NoteHistory id={note.id} close={() => setShown(undefined)} />}
      </div>
    </article>
  )
}

function NoteMenu({
  note,
  mayMove,
  pin,
  remove,
  show,
}: {
  note: NoteLike
  mayMove: boolean
  pin: () => void
  remove: () => void
  show: (what: 'edit' | 'history' | 'move') => void
}) {
  const t = useWords()
  const may = useMay()
  if (!may('notes:edit')) return null
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t('more')}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!note.closed && (
          <Menu.Item
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => show('edit')}
          >
            {t('edit')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={
            note.isPinned ? (
              <IconPinnedOff size={14} aria-hidden />
            ) : (
              <IconPin size={14} aria-hidden />
            )
          }
          onClick={pin}
        >
          {t(note.isPinned ? 'unpin' : 'pin')}
        </Menu.Item>
        {note.editedAt && (
          <Menu.Item
            leftSection={<IconHistory size={14} aria-hidden />}
            onClick={() => show('history')}
          >
            {t('noteHistory')}
          </Menu.Item>
        )}
        {mayMove && (
          <Menu.Item
            leftSection={<IconArrowRight size={14} aria-hidden />}
            onClick={() => show('move')}
          >
            {t('moveElsewhere')}
          </Menu.Item>
        )}
        {may('notes:delete') && (
          <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={remove}>
            {t('remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
