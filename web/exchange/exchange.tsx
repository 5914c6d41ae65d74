import { Button, Checkbox, Progress, SegmentedControl, Select } from '@mantine/core'
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useRef, useState } from 'react'
import { ask, askWithFile, Refusal } from '../api/client.ts'
import type { Imported, ImportRun, Preview } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText } from '../parts/tell.tsx'
import { EarlierImports, ExportButtons } from './earlier-imports.tsx'
import { ImportResult } from './import-result.tsx'
import { MappingTable } from './mapping-table.tsx'
import { Counts, RowProblems } from './row-problems.tsx'

type Choices = {
  sheet?: string
  fields?: string[]
  duplicates: 'skip' | 'update'
  nationalNumbers: 'leave-out' | 'keep'
}
type Stage =
  | { at: 'choose' }
  | { at: 'looking'; file: File }
  | { at: 'preview'; file: File; preview: Preview; choices: Choices }
  | { at: 'importing'; file: File; preview: Preview; choices: Choices }
  | { at: 'done'; result: Imported }

const atFirst: Choices = { duplicates: 'skip', nationalNumbers: 'leave-out' }

/** From a file to customers in three steps: look, correct, import. Nothing is stored before the last. */
export function Exchange() {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const [stage, setStage] = useState<Stage>({ at: 'choose' })
  const [problem, setProblem] = useState<string>()
  const look = async (file: File, choices: Choices) => {
    setProblem(undefined)
    if (stage.at !== 'preview') setStage({ at: 'looking', file })
    try {
      const preview = await askWithFile<Preview>('/api/imports/preview', file, asked(file, choices))
      setStage({ at: 'preview', file, preview, choices })
    } catch (error) {
      setProblem(whyUnreadable(t, error))
      if (stage.at !== 'preview') setStage({ at: 'choose' })
    }
  }
  const run = async (file: File, preview: Preview, choices: Choices) => {
    setProblem(undefined)
    setStage({ at: 'importing', file, preview, choices })
    try {
      const result = await askWithFile<Imported>('/api/imports', file, asked(file, choices))
      await queries.invalidateQueries()
      setStage({ at: 'done', result })
    } catch (error) {
      setProblem(whyUnreadable(t, error))
      setStage({ at: 'preview', file, preview, choices })
    }
  }
  return (
    <>
      <header className="k-topline">
        <h1>{t('importTitle')}</h1>
      </header>
      <main className="k-page">
        <div className="k-narrow">
          {problem && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {problem}
            </p>
          )}
          {stage.at === 'choose' && may('imports:run') && (
            <>
              <DropZone choose={(file) => void look(file, atFirst)} />
              <EarlierImports />
            </>
          )}
          {stage.at === 'choose' && <ExportButtons />}
          {stage.at === 'looking' && (
            <>
              <p role="status">{t('lookingAt', { file: stage.file.name })}</p>
              <Lines count={6} />
            </>
          )}
          {stage.at === 'preview' && (
            <PreviewStep
              file={stage.file}
              preview={stage.preview}
              choices={stage.choices}
              look={(choices) => void look(stage.file, choices)}
              run={() => void run(stage.file, stage.preview, stage.choices)}
              other={() => setStage({ at: 'choose' })}
            />
          )}
          {stage.at === 'importing' && <Running total={stage.preview.read} />}
          {stage.at === 'done' && (
            <ImportResult result={stage.result} again={() => setStage({ at: 'choose' })} />
          )}
        </div>
      </main>
    </>
  )
}

/** The reason when there is one with words of its own: it says what to do. */
function whyUnreadable(t: ReturnType<typeof useWords>, error: unknown): string {
  const why = error instanceof Refusal ? String(error.detail.why ?? '') : ''
  return t.known(`unreadable.${why}`) ?? refusalText(t, error)
}

function without<T extends object, K extends keyof T>(given: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = given
  return rest
}

function asked(file: File, { fields, ...choices }: Choices) {
  return {
    ...choices,
    fileName: file.name.slice(0, 200),
    mapping: fields?.map(encodeURIComponent).join(','),
  }
}

const LOOK_AGAIN_MS = 700

/** How far the running import is, as the database has it. */
function Running({ total }: { total: number }) {
  const t = useWords()
  const runs = useQuery({
    queryKey: ['imports', 'running'],
    queryFn: () => ask<{ items: ImportRun[] }>('GET', '/api/imports'),
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  })
  const done = runs.data?.items.find((one) => one.state === 'running')?.read ?? 0
  return (
    <>
      <p role="status">{t('importing', { count: t.number(total) })}</p>
      <Progress
        value={total > 0 ? (100 * done) / total : 0}
        animated
        aria-label={t('importing', { count: t.number(total) })}
      />
      <p className="k-dim k-small">
        {t('importingDone', { done: t.number(done), count: t.number(total) })}
      </p>
    </>
  )
}

function DropZone({ choose }: { choose: (file: File) => void }) {
  const t = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file) choose(file)
  }
  return (
    <section
      aria-label={t('chooseFile')}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className="k-empty k-drop"
      {...(isOver ? { 'data-over': true } : {})}
    >
      <IconFileSpreadsheet size={38} stroke={1.3} aria-hidden />
      <h2>{t('dropFile')}</h2>
      <p>{t('dropFileText')}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/plain,text/vcard"
        className="k-hidden"
        tabIndex={-1}
        aria-label={t('chooseFile')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) choose(file)
        }}
      />
      <Button
        leftSection={<IconUpload size={16} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('chooseFile')}
      </Button>
    </section>
  )
}

const encodings: Record<string, string> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
}

function PreviewStep({
  file,
  preview,
  choices,
  look,
  run,
  other,
}: {
  file: File
  preview: Preview
  choices: Choices
  look: (choices: Choices) => void
  run: () => void
  other: () => void
}) {
  const t = useWords()
  const separator = preview.separator === '\t' ? t('tab') : preview.separator
  const coming = preview.created + preview.updated
  return (
    <>
      <p style={{ marginTop: 0 }}>
        <strong>{file.name}</strong>
        <br />
        <span className="k-dim">
          {t.count('rowOne', 'rowMany', preview.read)} · {t(`kind.${preview.kind}`)}
          {preview.kind !== 'xlsx' && ` · ${encodings[preview.encoding] ?? preview.encoding}`}
          {preview.kind === 'csv' && ` · ${t('separatedBy', { separator })}`}
        </span>
      </p>
      {preview.sheets.length > 1 && (
        <Select
          size="xs"
          label={t('sheet')}
          data={preview.sheets}
          value={preview.sheet}
          allowDeselect={false}
          style={{ maxWidth: 320, marginBottom: 12 }}
          // Another sheet has other columns, so corrections of the first mean nothing there.
          onChange={(sheet) => sheet && look({ ...without(choices, 'fields'), sheet })}
        />
      )}
      {preview.notices.map(({ notice, count }) => (
        <p key={notice} className="k-dim">
          {t(`notice.${notice}`, { count: t.number(count) })}
        </p>
      ))}
      <Counts result={preview} isDryRun />
      <div className="k-actions">
        <Button onClick={run} disabled={coming === 0}>
          {t.count('importOne', 'importMany', coming)}
        </Button>
        <Button variant="default" onClick={other}>
          {t('otherFile')}
        </Button>
      </div>
      <div className="k-choices">
        <span>{t('whenKnown')}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('whenKnown')}
          value={choices.duplicates}
          onChange={(duplicates) => look({ ...choices, duplicates: duplicates as 'skip' })}
          data={(['skip', 'update'] as const).map((value) => ({
            value,
            label: t(`whenKnown.${value}`),
          }))}
        />
        {preview.flagged > 0 && (
          <Checkbox
            label={t('keepNumbers')}
            checked={choices.nationalNumbers === 'keep'}
            onChange={(event) =>
              look({
                ...choices,
                nationalNumbers: event.currentTarget.checked ? 'keep' : 'leave-out',
              })
            }
          />
        )}
      </div>
      <h2 className="k-subtitle">{t('columnsFound')}</h2>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('columnsFoundText')}
      </p>
      <MappingTable mapping={preview.mapping} change={(fields) => look({ ...choices, fields })} />
      {preview.rows.length > 0 && <RowProblems rows={preview.rows} />}
      <FirstRows rows={preview.firstRows} />
    </>
  )
}

function FirstRows({ rows }: { rows: Preview['firstRows'] }) {
  const t = useWords()
  const shown = rows.filter((row) => row.kind !== 'none').slice(0, 5)
  if (shown.length === 0) return null
  return (
    <>
      <h2 className="k-subtitle">{t('firstRows')}</h2>
      {shown.map((row) => (
        <div key={row.line} className="k-card" style={{ marginBottom: 8, padding: '8px 14px' }}>
          {Object.entries(row.values).map(([name, value]) => (
            <span key={name} className="k-small" style={{ marginRight: 14 }}>
              <span className="k-dim">
                {t.known(`field.${name}`) ?? t.known(`column.${name}`) ?? name}
              </span>{' '}
              {value}
            </span>
          ))}
        </div>
      ))}
    </>
  )
}
