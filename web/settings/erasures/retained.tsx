import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, Refusal } from '../../api/client.ts'
import type { RetainedFile, RetainedPage, RetainedPurpose } from '../../api/shapes.ts'
import { Broken } from '../../frame/broken.tsx'
import { useNames } from '../../frame/session.ts'
import '../../language/late.ts'
import { useWords } from '../../language/words.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Closed, Lines } from '../../parts/marks.tsx'
import { tell, tellRefusal } from '../../parts/tell.tsx'
import { fetchFile } from '../../record/file-download.tsx'
import { isKept, keptUntil, useRules } from '../../record/kept-until.ts'
import { Section } from '../settings.tsx'

const AT_ONCE_MAX = 500
const purposes: RetainedPurpose[] = ['audit', 'dispute', 'authority', 'access-request']
const pathOf = {
  person: '/people/$id',
  company: '/companies/$id',
  joint_dossier: '/joint-dossiers/$id',
} as const

function useRetained(state: 'over' | 'set-apart') {
  return useInfiniteQuery({
    queryKey: ['retained-files', state],
    queryFn: ({ pageParam }) =>
      ask<RetainedPage>('GET', '/api/retained-files', {
        query: { state, limit: 50, cursor: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  })
}

/** What no law has kept any longer: chosen, and erased with one certificate. */
export function RetainedOver() {
  const t = useWords()
  const list = useRetained('over')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isErasing, setErasing] = useState(false)
  const files = list.data?.pages.flatMap(({ items }) => items) ?? []
  const ids = files.map(({ id }) => id).filter((id) => chosen.has(id))
  if (list.error && !list.data) return <Broken error={list.error} />
  return (
    <Section title={t('retainedOver')} text={t('retainedOverText')}>
      {list.isPending && <Lines />}
      {list.data && files.length === 0 && <p className="k-dim">{t('noRetainedOver')}</p>}
      {files.map((file) => (
        <Retained key={file.id} file={file}>
          <Checkbox
            aria-label={t('chooseOne', { name: file.name ?? '' })}
            checked={chosen.has(file.id)}
            onChange={() => setChosen(chosen.symmetricDifference(new Set([file.id])))}
          />
        </Retained>
      ))}
      <More list={list} />
      {ids.length > 0 && (
        <Button
          color="red"
          mt="sm"
          disabled={ids.length > AT_ONCE_MAX}
          onClick={() => setErasing(true)}
        >
          {t.count('eraseRetainedOne', 'eraseRetainedMany', ids.length)}
        </Button>
      )}
      {isErasing && <EraseRetained ids={ids} close={() => setErasing(false)} />}
    </Section>
  )
}

/** What erasures left: out of every dossier, opened for a purpose. */
export function RetainedApart() {
  const t = useWords()
  const list = useRetained('set-apart')
  const [opening, setOpening] = useState<RetainedFile>()
  const [wrong, setWrong] = useState<string>()
  const files = list.data?.pages.flatMap(({ items }) => items) ?? []
  if (list.error && !list.data) return <Broken error={list.error} />
  return (
    <Section title={t('retainedApart')} text={t('retainedApartText')}>
      {list.isPending && <Lines />}
      {list.data && files.length === 0 && <p className="k-dim">{t('noRetainedApart')}</p>}
      {files.map((file) => (
        <Retained key={file.id} file={file}>
          {!file.closed && (
            <Button variant="default" size="compact-sm" onClick={() => setOpening(file)}>
              {t('openRetained')}
            </Button>
          )}
          {isKept(file) && (
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              onClick={() => setWrong(file.id)}
            >
              {t('wronglyKept')}
            </Button>
          )}
        </Retained>
      ))}
      <More list={list} />
      {wrong && <EraseRetained ids={[wrong]} isWronglyKept close={() => setWrong(undefined)} />}
      {opening && <OpenRetained file={opening} close={() => setOpening(undefined)} />}
    </Section>
  )
}

function More({ list }: { list: ReturnType<typeof useRetained> }) {
  const t = useWords()
  if (!list.hasNextPage) return null
  return (
    <Button variant="default" size="compact-sm" onClick={() => void list.fetchNextPage()}>
      {t('loadMore')}
    </Button>
  )
}

function Retained({ file, children }: { file: RetainedFile; children: React.ReactNode }) {
  const t = useWords()
  const names = useNames()
  const { subject, subjectName, retention } = file
  const rule = useRules().find(({ code }) => code === retention?.rule)
  return (
    <article className="k-card k-erasure k-retained" aria-label={file.name ?? t('fileUnnamed')}>
      <div>
        <h3>{file.closed ? <Closed why={file.closed} /> : file.name}</h3>
        <p className="k-dim k-small">
          {[
            // A law that holds no longer is known by its code.
            rule?.name[t.language] ?? retention?.rule,
            keptUntil(t, file),
            file.setApartAt && t('retainedSetApart', { day: t.instant(file.setApartAt) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {subject && (
          <p className="k-small">
            <Link to={pathOf[subject.kind]} params={{ id: subject.id }}>
              {subjectName || t('viewUntitled')}
            </Link>
          </p>
        )}
        {file.openings.map((one) => (
          <p key={one.at} className="k-small">
            {t.instant(one.at)}, {names.user(one.by)}: {t(`retainedPurpose.${one.purpose}`)}
            {one.reason && `, ${one.reason}`}
          </p>
        ))}
      </div>
      {children}
    </article>
  )
}

function EraseRetained({
  ids,
  isWronglyKept = false,
  close,
}: {
  ids: string[]
  isWronglyKept?: boolean
  close: () => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const send = async () => {
    try {
      await ask('POST', '/api/retained-files/erasures', {
        body: { ids, reason: reason.trim(), isWronglyKept },
      })
      tell(t('retainedErased'))
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['retained-files'] }),
        queries.invalidateQueries({ queryKey: ['erasures'] }),
      ])
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'approval-asked') throw error
      tellRefusal(t, error)
    }
  }
  return (
    <FormDialog
      title={t(isWronglyKept ? 'wronglyKeptTitle' : 'eraseRetainedTitle')}
      text={t(isWronglyKept ? 'wronglyKeptText' : 'eraseRetainedText')}
      action={t('eraseNow')}
      color="red"
      isReady={reason.trim() !== ''}
      send={send}
      close={close}
    >
      <TextInput
        required
        label={t('eraseReason')}
        description={t(isWronglyKept ? 'wronglyKeptHint' : 'eraseRetainedHint')}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

function OpenRetained({ file, close }: { file: RetainedFile; close: () => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const [purpose, setPurpose] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const send = async () => {
    await ask('POST', `/api/retained-files/${file.id}/openings`, {
      body: { purpose, reason: reason.trim() },
    })
    fetchFile(file.id)
    await queries.invalidateQueries({ queryKey: ['retained-files', 'set-apart'] })
  }
  return (
    <FormDialog
      title={t('openRetainedTitle', { name: file.name ?? '' })}
      text={t('openRetainedText')}
      action={t('openAndDownload')}
      isReady={purpose !== null && reason.trim() !== ''}
      send={send}
      close={close}
    >
      <Select
        required
        label={t('retainedPurpose')}
        data={purposes.map((value) => ({ value, label: t(`retainedPurpose.${value}`) }))}
        value={purpose}
        onChange={setPurpose}
      />
      <TextInput
        mt="sm"
        required
        label={t('retainedReason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
