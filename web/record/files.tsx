import { ActionIcon, Button, Progress } from '@mantine/core'
import { IconPaperclip, IconX } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, lazy, Suspense, useRef, useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { DossierKind, FileLine, FilePage, Retention } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'
import { refusalText, tell } from '../parts/tell.tsx'
import { DossierLock } from './dossier-lock.tsx'
import { DossierTrash } from './dossier-trash.tsx'
import { FileRow } from './file-row.tsx'
import { dropUpload, retryUpload, type Sending, startUpload, useUploads } from './uploads.ts'

const SharedElsewhere = lazy(patient(() => import('../joint/shared-elsewhere.tsx')))
const AddKept = lazy(
  patient(() => import('./file-retention.tsx').then((part) => ({ default: part.AddKept }))),
)

/** The files of one dossier: added by choosing or dragging, taken out by downloading. */
export function Files({
  kind,
  id,
  teamId,
  isEnded = false,
}: {
  kind: DossierKind
  id: string
  teamId: string | undefined
  /** Nothing new is hung on it. */
  isEnded?: boolean
}) {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const mayAdd = may('files:create') && !isEnded
  const sending = useUploads(id)
  const list = useInfiniteQuery({
    queryKey: [kind, 'files', id],
    queryFn: ({ pageParam }) =>
      ask<FilePage>('GET', `/api/${kind}/${id}/files`, { query: { limit: 50, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [kind, 'files', id] }),
      // It may be their photo.
      queries.invalidateQueries({ queryKey: [kind, 'one', id] }),
      queries.invalidateQueries({ queryKey: [kind, 'timeline', id] }),
      queries.invalidateQueries({ queryKey: [kind, 'dossier-trash', id] }),
    ])
  const add = (files: Iterable<File>, retention?: Retention) => {
    const arrived = (made: FileLine) => {
      tell(t('uploadDone', { name: made.name ?? '' }))
      void refresh()
    }
    for (const file of files)
      startUpload(kind, id, file, file.name.trim() || t('fileUnnamed'), arrived, retention)
  }
  const files = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <DropZone isOpen={mayAdd} add={add}>
      {mayAdd && <AddFile add={add} teamId={teamId} />}
      <p className="k-file-warning">{t('filesWarning')}</p>
      {sending.map((one) => (
        <SendingLine key={one.key} sending={one} />
      ))}
      {list.error && <Broken error={list.error} />}
      {list.isPending && <Lines />}
      {list.data && files.length === 0 && sending.length === 0 && (
        <Empty icon={<IconPaperclip size={28} stroke={1.4} aria-hidden />} title={t('noFiles')} />
      )}
      <ul className="k-files">
        {files.map((file) => (
          <FileRow key={file.id} kind={kind} dossierId={id} file={file} refresh={refresh} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          mt="sm"
          onClick={() => void list.fetchNextPage()}
        >
          {t('loadMore')}
        </Button>
      )}
      {kind === 'people' && (
        <Suspense fallback={null}>
          <SharedElsewhere personId={id} />
        </Suspense>
      )}
      <DossierTrash kind={kind} id={id} refresh={refresh} />
    </DropZone>
  )
}

function DropZone({
  isOpen,
  add,
  children,
}: {
  isOpen: boolean
  add: (files: Iterable<File>) => void
  children: React.ReactNode
}) {
  const [isOver, setOver] = useState(false)
  const over = (event: DragEvent) => {
    if (!isOpen || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a second way; the button is the first
    <div
      className="k-file-drop"
      data-over={isOver || undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        if (!isOpen) return
        event.preventDefault()
        add(event.dataTransfer.files)
      }}
    >
      {children}
    </div>
  )
}

function AddFile({
  add,
  teamId,
}: {
  add: (files: Iterable<File>, retention?: Retention) => void
  teamId: string | undefined
}) {
  const t = useWords()
  const [isKept, setKept] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="k-add-file">
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('addFile')}
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Button
        size="compact-md"
        leftSection={<IconPaperclip size={15} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('addFile')}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => setKept(true)}>
        {t('addKept')}
      </Button>
      {isKept && (
        <Suspense>
          <AddKept add={add} close={() => setKept(false)} />
        </Suspense>
      )}
      <span className="k-dim k-small">
        <span className="k-wide-only">{t('dropFiles')} </span>
        {t('fileSizeMax')} <DossierLock teamId={teamId} />
      </span>
    </div>
  )
}

function SendingLine({ sending }: { sending: Sending }) {
  const t = useWords()
  const { key, name, done, failed } = sending
  const isFailed = failed !== undefined
  const isLost = failed instanceof Refusal && failed.code === 'no-connection'
  return (
    <div className="k-sending" role={isFailed ? 'alert' : 'status'}>
      <div style={{ flex: 1, minWidth: 0 }}>
        <div className="k-file-name">
          {isFailed
            ? `${name}: ${t('uploadStopped', { why: isLost ? t('uploadLost') : refusalText(t, failed) })}`
            : t('uploading', { name })}
        </div>
        {!isFailed && (
          <Progress value={done * 100} size="sm" mt={5} aria-label={t('uploading', { name })} />
        )}
      </div>
      {isFailed && (
        <Button size="compact-sm" variant="default" onClick={() => retryUpload(key)}>
          {t('retry')}
        </Button>
      )}
      <ActionIcon
        size="md"
        aria-label={t('removeValue', { value: name })}
        onClick={() => dropUpload(key)}
      >
        <IconX size={15} />
      </ActionIcon>
    </div>
  )
}
