import { ActionIcon, Button, Menu, Progress } from '@mantine/core'
import {
  IconDots,
  IconDownload,
  IconFile,
  IconPaperclip,
  IconPencil,
  IconScale,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, lazy, Suspense, useRef, useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { DossierKind, FileLine, FilePage, Retention } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useMay, useNames } from '../frame/session.ts'
import '../language/late.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { Closed, Empty, Lines } from '../parts/marks.tsx'
import { refusalText, tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { DossierLock } from './dossier-lock.tsx'
import { DossierTrash } from './dossier-trash.tsx'
import { DownloadRisky, fetchFile, isRisky } from './file-download.tsx'
import { RenameFile } from './file-rename.tsx'
import { isKept, keptUntil } from './kept-until.ts'
import { dropUpload, retryUpload, type Sending, startUpload, useUploads } from './uploads.ts'

const AddKept = lazy(
  patient(() => import('./file-retention.tsx').then((part) => ({ default: part.AddKept }))),
)
const KeepFile = lazy(
  patient(() => import('./file-retention.tsx').then((part) => ({ default: part.KeepFile }))),
)

/** The files of one customer: added by choosing or dragging, taken out by downloading. */
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
          <FileRow key={file.id} file={file} refresh={refresh} />
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

export function sizeText(t: Speak, bytes: number): string {
  const [value, unit] =
    bytes < 1000
      ? [bytes, 'byte']
      : bytes < 1e6
        ? [bytes / 1e3, 'kilobyte']
        : [bytes / 1e6, 'megabyte']
  return new Intl.NumberFormat(t.language === 'nl' ? 'nl-BE' : 'en-GB', {
    style: 'unit',
    unit: unit as string,
    maximumFractionDigits: Number(value) < 10 && unit !== 'byte' ? 1 : 0,
  }).format(Number(value))
}

function FileRow({ file, refresh }: { file: FileLine; refresh: () => Promise<unknown> }) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const [shown, setShown] = useState<'rename' | 'risky' | 'keep'>()
  const name = file.name ?? ''
  const download = () => {
    if (isRisky(name)) setShown('risky')
    else fetchFile(file.id)
  }
  const trash = () =>
    ask('DELETE', `/api/files/${file.id}`)
      .then(() =>
        tellWithUndo(t, t('fileTrashed', { name }), () =>
          ask('POST', `/api/files/${file.id}/restore`).finally(() => void refresh()),
        ),
      )
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void refresh())
  return (
    <li className="k-file">
      <IconFile size={20} stroke={1.4} className="k-dim" aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        {file.closed ? (
          <Closed why={file.closed} />
        ) : (
          <button type="button" className="k-file-name k-link" onClick={download}>
            {name}
          </button>
        )}
        <div className="k-dim k-small">
          {[
            file.size !== null && sizeText(t, file.size),
            names.user(file.createdBy),
            t.instant(file.createdAt),
            keptUntil(t, file),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </div>
      {!file.closed && (
        <ActionIcon size="md" aria-label={t('downloadOne', { name })} onClick={download}>
          <IconDownload size={16} stroke={1.7} />
        </ActionIcon>
      )}
      {(may('files:edit') || (file.retention && may('erasures:run'))) && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon size="md" aria-label={t('more')}>
              <IconDots size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {!file.closed && may('files:edit') && (
              <Menu.Item
                leftSection={<IconPencil size={14} aria-hidden />}
                onClick={() => setShown('rename')}
              >
                {t('rename')}
              </Menu.Item>
            )}
            {!file.closed && (
              <Menu.Item
                leftSection={<IconScale size={14} aria-hidden />}
                onClick={() => setShown('keep')}
              >
                {t(file.retention ? 'keepByLawChange' : 'keepByLaw')}
              </Menu.Item>
            )}
            {!isKept(file) && may('files:edit') && (
              <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={trash}>
                {t('toTrash')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {shown === 'rename' && (
        <RenameFile file={file} refresh={refresh} close={() => setShown(undefined)} />
      )}
      {shown === 'keep' && (
        <Suspense>
          <KeepFile file={file} refresh={refresh} close={() => setShown(undefined)} />
        </Suspense>
      )}
      {shown === 'risky' && (
        <DownloadRisky
          name={name}
          close={() => setShown(undefined)}
          download={() => fetchFile(file.id)}
        />
      )}
    </li>
  )
}
