import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowRight,
  IconDots,
  IconDownload,
  IconFile,
  IconPencil,
  IconScale,
  IconTrash,
} from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, FileLine } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useMay, useNames } from '../frame/session.ts'
import { useMayMove } from '../joint/use-joint.ts'
import '../language/late.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { Closed } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { DownloadRisky, fetchFile, isRisky } from './file-download.tsx'
import { RenameFile } from './file-rename.tsx'
import { isKept, keptUntil } from './kept-until.ts'

const KeepFile = lazy(
  patient(() => import('./file-retention.tsx').then((part) => ({ default: part.KeepFile }))),
)
const Move = lazy(patient(() => import('../joint/move.tsx')))

function sizeText(t: Speak, bytes: number): string {
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

/** One file: its name takes it out; the rest is in its menu. */
export function FileRow({
  kind,
  dossierId,
  file,
  refresh,
}: {
  kind: DossierKind
  dossierId: string
  file: FileLine
  refresh: () => Promise<unknown>
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const [shown, setShown] = useState<'rename' | 'risky' | 'keep' | 'move'>()
  const mayMove = useMayMove(kind, dossierId)
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
            {mayMove && !file.closed && may('files:edit') && (
              <Menu.Item
                leftSection={<IconArrowRight size={14} aria-hidden />}
                onClick={() => setShown('move')}
              >
                {t('moveElsewhere')}
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
      {shown === 'move' && (
        <Suspense fallback={null}>
          <Move
            moved={{ what: 'files', id: file.id, rowVersion: file.rowVersion }}
            from={{ kind, id: dossierId }}
            close={() => setShown(undefined)}
          />
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
