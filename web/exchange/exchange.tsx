import { Button, Progress } from '@mantine/core'
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useRef, useState } from 'react'
import { askWithFile } from '../api/client.ts'
import type { Imported } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText } from '../parts/tell.tsx'
import { ImportResult } from './import-result.tsx'
import { MappingTable } from './mapping-table.tsx'

type Stage =
  | { at: 'choose' }
  | { at: 'looking'; file: File }
  | { at: 'preview'; file: File; preview: Imported }
  | { at: 'importing'; file: File; preview: Imported }
  | { at: 'done'; result: Imported }

/** From a file to customers in three steps: look, correct, import. Nothing is stored before the last. */
export function Exchange() {
  const t = useWords()
  const queries = useQueryClient()
  const [stage, setStage] = useState<Stage>({ at: 'choose' })
  const [problem, setProblem] = useState<string>()
  const look = async (file: File, mapping?: (string | null)[]) => {
    setProblem(undefined)
    setStage({ at: 'looking', file })
    try {
      const preview = await send(file, true, mapping)
      setStage({ at: 'preview', file, preview })
    } catch (error) {
      setProblem(refusalText(t, error))
      setStage({ at: 'choose' })
    }
  }
  const run = async (file: File, preview: Imported) => {
    setProblem(undefined)
    setStage({ at: 'importing', file, preview })
    try {
      const result = await send(file, false, preview.mapping.map((one) => one.field))
      await queries.invalidateQueries()
      setStage({ at: 'done', result })
    } catch (error) {
      setProblem(refusalText(t, error))
      setStage({ at: 'preview', file, preview })
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
          {stage.at === 'choose' && <DropZone choose={(file) => void look(file)} />}
          {stage.at === 'looking' && (
            <>
              <p role="status">{t('lookingAt', { file: stage.file.name })}</p>
              <Lines count={6} />
            </>
          )}
          {stage.at === 'preview' && (
            <Preview
              file={stage.file}
              preview={stage.preview}
              look={(mapping) => void look(stage.file, mapping)}
              run={() => void run(stage.file, stage.preview)}
              other={() => setStage({ at: 'choose' })}
            />
          )}
          {stage.at === 'importing' && (
            <>
              <p role="status">{t('importing', { count: t.number(stage.preview.created) })}</p>
              <Progress value={100} animated aria-label={t('importing', { count: t.number(stage.preview.created) })} />
            </>
          )}
          {stage.at === 'done' && <ImportResult result={stage.result} again={() => setStage({ at: 'choose' })} />}
        </div>
      </main>
    </>
  )
}

function send(file: File, isDryRun: boolean, mapping?: (string | null)[]): Promise<Imported> {
  return askWithFile<Imported>('/api/imports', file, {
    dryRun: String(isDryRun),
    mapping: mapping?.map((field) => field ?? '').join(','),
  })
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
      className="k-empty"
      style={{
        border: `1.5px dashed ${isOver ? 'var(--k-accent)' : 'var(--k-line-strong)'}`,
        borderRadius: 12,
        background: isOver ? 'var(--k-selected)' : 'transparent',
      }}
    >
      <IconFileSpreadsheet size={38} stroke={1.3} aria-hidden />
      <h2>{t('dropFile')}</h2>
      <p>{t('dropFileText')}</p>
      <input
        ref={input}
        id="import-file"
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        className="k-hidden"
        tabIndex={-1}
        aria-label={t('chooseFile')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) choose(file)
        }}
      />
      <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => input.current?.click()}>
        {t('chooseFile')}
      </Button>
    </section>
  )
}

const encodings: Record<string, string> = { 'utf-8': 'UTF-8', 'windows-1252': 'Windows-1252', 'utf-16le': 'UTF-16' }

function Preview({
  file,
  preview,
  look,
  run,
  other,
}: {
  file: File
  preview: Imported
  look: (mapping: (string | null)[]) => void
  run: () => void
  other: () => void
}) {
  const t = useWords()
  const separator = preview.separator === '\t' ? t('tab') : preview.separator
  return (
    <>
      <p style={{ marginTop: 0 }}>
        <strong>{file.name}</strong>
        <br />
        <span className="k-dim">
          {t.count('rowOne', 'rowMany', preview.read)} · {encodings[preview.encoding] ?? preview.encoding} ·{' '}
          {t('separatedBy', { separator })}
        </span>
      </p>
      <Counts result={preview} isDryRun />
      <h2 style={{ fontSize: 14, margin: '24px 0 4px' }}>{t('columnsFound')}</h2>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('columnsFoundText')}
      </p>
      <MappingTable mapping={preview.mapping} change={look} />
      {preview.rows.length > 0 && <RowProblems rows={preview.rows} />}
      <div style={{ display: 'flex', gap: 8, marginTop: 24 }}>
        <Button onClick={run} disabled={preview.created + preview.updated === 0}>
          {t.count('importOne', 'importMany', preview.created + preview.updated)}
        </Button>
        <Button variant="default" onClick={other}>
          {t('otherFile')}
        </Button>
      </div>
    </>
  )
}

export function Counts({ result, isDryRun = false }: { result: Imported; isDryRun?: boolean }) {
  const t = useWords()
  const cells = [
    [isDryRun ? 'willCreate' : 'created', result.created],
    [isDryRun ? 'willUpdate' : 'updated', result.updated],
    ['skipped', result.skipped],
    ['refused', result.refused],
  ] as const
  return (
    <dl style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(110px, 1fr))', gap: 10, margin: 0 }}>
      {cells.map(([word, count]) => (
        <div key={word} className="k-card" style={{ padding: '10px 14px' }}>
          <dt className="k-dim k-small">{t(`import.${word}`)}</dt>
          <dd style={{ margin: 0, fontSize: 20, fontWeight: 600 }}>{t.number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

// The first screen of problems; the file to download has them all.
const SHOWN_MAX = 50

export function RowProblems({ rows }: { rows: Imported['rows'] }) {
  const t = useWords()
  return (
    <>
      <h2 style={{ fontSize: 14, margin: '24px 0 4px' }}>{t('rowsToLookAt')}</h2>
      <div className="k-table-scroll">
        <table className="k-plain">
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              <th scope="col">{t('whatHappens')}</th>
              <th scope="col">{t('why')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN_MAX).map((row) => (
              <tr key={row.line}>
                <td>{row.line}</td>
                <td>{t(`row.${row.outcome}`)}</td>
                <td>
                  {row.problems.map((one) => (
                    <div key={`${one.field}-${one.problem}-${one.value}`}>
                      {problemText(t, one.problem)}
                      {one.value && <span className="k-dim"> “{one.value}”</span>}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN_MAX && (
        <p className="k-dim">{t('andMore', { count: t.number(rows.length - SHOWN_MAX) })}</p>
      )}
    </>
  )
}

export function problemText(t: ReturnType<typeof useWords>, problem: string): string {
  return t.known(`rowProblem.${problem}`) ?? problem
}
