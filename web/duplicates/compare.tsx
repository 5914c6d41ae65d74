import { Alert, Button, Checkbox } from '@mantine/core'
import { IconArrowLeft, IconArrowsExchange } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { Choice, Merged, MergePreview, RecordKind } from '../api/shapes.ts'
import { Broken, Missing } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { FieldRow, useMergeLabel, useShowValue } from './field-row.tsx'
import { Likeness } from './likeness.tsx'
import { sayRows, undoMerge } from './undo-merge.ts'

/** Two customers side by side: what stays of each field, what it becomes, and what moves. */
export function Compare() {
  const { kind, keptId, otherId } = useParams({
    from: '/frame/duplicates/$kind/$keptId/$otherId',
  })
  if (kind !== 'people' && kind !== 'companies') return <Missing />
  return <Pair key={`${keptId} ${otherId}`} kind={kind} keptId={keptId} otherId={otherId} />
}

type PairProps = { kind: RecordKind; keptId: string; otherId: string }

function Pair({ kind, keptId, otherId }: PairProps) {
  const t = useWords()
  const navigate = useNavigate()
  const [choices, setChoices] = useState<Record<string, Choice>>({})
  const [isSameShown, setSameShown] = useState(false)
  const preview = useQuery({
    queryKey: [kind, 'merge-preview', keptId, otherId, choices],
    queryFn: ({ signal }) =>
      ask<MergePreview>('POST', `/api/${kind}/merges/preview`, {
        body: { keptId, otherId, choices },
        signal,
      }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const merge = useMerge({ kind, keptId, otherId }, preview.data, choices, preview.refetch)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void merge.run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  if (preview.error && !preview.data) return <Broken error={preview.error} />
  if (!preview.data)
    return (
      <div style={{ padding: 24 }}>
        <Lines count={8} />
      </div>
    )
  const { kept, other, fields, reasons, cautions, customNames } = preview.data
  const different = fields.filter((field) => !field.isSame)
  const same = fields.filter((field) => field.isSame && !isEmpty(field.kept))
  const swap = () =>
    void navigate({
      to: '/duplicates/$kind/$keptId/$otherId',
      params: { kind, keptId: otherId, otherId: keptId },
      replace: true,
    })
  return (
    <>
      <header className="k-topline">
        <Button
          onClick={() =>
            void navigate({ to: '/duplicates', search: kind === 'companies' ? { kind } : {} })
          }
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconArrowLeft size={15} aria-hidden />}
        >
          {t('duplicates')}
        </Button>
        <h1>{t('mergeTitle')}</h1>
      </header>
      <main className="k-page k-merge">
        <div className="k-pair-reasons" style={{ marginBottom: 12 }}>
          <Likeness reasons={reasons} cautions={cautions} />
        </div>
        {cautions.length > 0 && (
          <Alert color="yellow" variant="outline" p="sm" mb="md" maw={980}>
            {t('cautionText')}
          </Alert>
        )}
        <table className="k-compare">
          <thead>
            <tr>
              <th scope="col" style={{ width: 150 }}>
                <span className="k-hidden">{t('mergeField')}</span>
              </th>
              <Side kind={kind} head={kept} says={t('mergeKept')} />
              <Side kind={kind} head={other} says={t('mergeOther')} />
              <th scope="col" className="k-both">
                <span className="k-hidden">{t('mergeBoth')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {different.map((field) => (
              <FieldRow
                key={field.name}
                kind={kind}
                field={field}
                recordNames={customNames}
                names={{ kept: kept.displayName, other: other.displayName }}
                choice={choices[field.name] ?? field.choice}
                choose={(choice) => setChoices({ ...choices, [field.name]: choice })}
              />
            ))}
            {isSameShown &&
              same.map((field) => (
                <SameRow key={field.name} kind={kind} field={field} recordNames={customNames} />
              ))}
          </tbody>
        </table>
        {different.length === 0 && <p className="k-dim">{t('mergeNoDifference')}</p>}
        {same.length > 0 && (
          <Checkbox
            mt="sm"
            size="xs"
            label={t('mergeShowSame', { count: same.length })}
            checked={isSameShown}
            onChange={(event) => setSameShown(event.currentTarget.checked)}
          />
        )}
        <Result kind={kind} preview={preview.data} />
        <div className="k-merge-do">
          <Button onClick={() => void merge.run()} loading={merge.isBusy}>
            {t('merge')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowsExchange size={15} aria-hidden />}
            onClick={swap}
          >
            {t('mergeSwap')}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            onClick={() => void merge.tellApart()}
            disabled={merge.isBusy}
          >
            {t('notDuplicate')}
          </Button>
        </div>
      </main>
    </>
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (Array.isArray(value) && value.length === 0)
}

function useMerge(
  { kind, keptId, otherId }: PairProps,
  preview: MergePreview | undefined,
  choices: Record<string, Choice>,
  lookAgain: () => unknown,
) {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isBusy, setBusy] = useState(false)
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [kind] }),
      queries.invalidateQueries({ queryKey: ['duplicates'] }),
    ])
  const run = async () => {
    if (!preview || isBusy) return
    setBusy(true)
    try {
      const merged = await ask<Merged>('POST', `/api/${kind}/merges`, {
        body: {
          keptId,
          otherId,
          choices,
          keptVersion: preview.kept.rowVersion,
          otherVersion: preview.other.rowVersion,
        },
      })
      await navigate({ to: `/${kind}/$id`, params: { id: keptId } })
      queries.removeQueries({ queryKey: [kind, 'merge-preview'] })
      await refresh()
      tellWithUndo(t, t('merged', { name: merged.displayName }), () =>
        undoMerge(t, queries, kind, { id: merged.id, name: preview.other.displayName }),
      )
    } catch (error) {
      setBusy(false)
      if (!(error instanceof Refusal) || error.code !== 'changed-meanwhile')
        return tellRefusal(t, error)
      const { changedBy } = error.detail as { changedBy?: string | null }
      tell(t('mergeChangedBy', { who: names.user(changedBy) || t('someone') }))
      lookAgain()
    }
  }
  const tellApart = async () => {
    try {
      const { id } = await ask<{ id: string }>('POST', `/api/${kind}/not-duplicates`, {
        body: { ids: [keptId, otherId] },
      })
      await navigate({ to: '/duplicates', search: kind === 'companies' ? { kind } : {} })
      await queries.invalidateQueries({ queryKey: ['duplicates'] })
      tellWithUndo(t, t('toldApart'), async () => {
        await ask('DELETE', `/api/${kind}/not-duplicates/${id}`)
        await queries.invalidateQueries({ queryKey: ['duplicates'] })
      })
    } catch (error) {
      tellRefusal(t, error)
    }
  }
  return { run, tellApart, isBusy }
}

function Side({
  kind,
  head,
  says,
}: {
  kind: RecordKind
  head: MergePreview['kept']
  says: string
}) {
  const t = useWords()
  return (
    <th scope="col">
      <span className="k-dim k-small">{says}</span>
      <br />
      <Link to={`/${kind}/$id`} params={{ id: head.id }}>
        {head.displayName}
      </Link>
      <br />
      <span className="k-dim k-small">{t('updatedLine', { when: t.instant(head.updatedAt) })}</span>
    </th>
  )
}

function SameRow({
  kind,
  field,
  recordNames,
}: {
  kind: RecordKind
  field: MergePreview['fields'][number]
  recordNames: MergePreview['customNames']
}) {
  const t = useWords()
  const label = useMergeLabel()
  const show = useShowValue(kind, recordNames)
  return (
    <tr>
      <th scope="row">{label(field.name)}</th>
      <td colSpan={2}>{show(field.name, field.kept)}</td>
      <td className="k-dim k-small">{t('mergeSame')}</td>
    </tr>
  )
}

function Result({ kind, preview }: { kind: RecordKind; preview: MergePreview }) {
  const t = useWords()
  const label = useMergeLabel()
  const show = useShowValue(kind, preview.customNames)
  const moves = sayRows(t, preview.moves)
  return (
    <section className="k-merge-result" aria-label={t('mergeResult')}>
      <h2>{t('mergeResult')}</h2>
      <dl>
        {preview.fields
          .filter((field) => !isEmpty(field.result))
          .map((field) => (
            <div key={field.name} style={{ display: 'contents' }}>
              <dt>{label(field.name)}</dt>
              <dd>{show(field.name, field.result)}</dd>
            </div>
          ))}
      </dl>
      <p style={{ margin: 0 }}>
        {moves ? t('mergeMoves', { what: moves }) : t('mergeMovesNothing')}
      </p>
      <p className="k-dim k-small" style={{ margin: '4px 0 0' }}>
        {t('mergeLater')}
      </p>
    </section>
  )
}
