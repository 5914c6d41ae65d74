import { Button, Checkbox, Select } from '@mantine/core'
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import { ask, askWithFile } from '../api/client.ts'
import type { Imported, ImportKey, PresetId, Preview } from '../api/shapes.ts'
import { useFieldLabel } from '../fields/custom-fields.ts'
import { useMay } from '../frame/session.ts'
import '../language/late-exchange.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { refusalText, tellRefusal } from '../parts/tell.tsx'
import { EarlierImports } from './earlier-imports.tsx'
import { ExportButtons } from './export-buttons.tsx'
import { ImportResult } from './import-result.tsx'
import { MappingTable } from './mapping-table.tsx'
import { Counts, RowProblems } from './row-problems.tsx'
import { Running, type RunRows } from './running.tsx'
import '../language/late-exchange.ts'

type Choices = {
  sheet?: string
  preset?: PresetId | 'none'
  remembered?: 'ignore'
  fields?: string[]
  key: ImportKey
  duplicates: 'skip' | 'update' | 'only-update'
  nationalNumbers: 'leave-out' | 'keep'
}
type Stage =
  | { at: 'choose' }
  | { at: 'looking'; file: File }
  | { at: 'preview'; file: File; preview: Preview; choices: Choices }
  | { at: 'sending'; file: File }
  | { at: 'importing'; importId: string }
  | { at: 'done'; result: RunRows }

const atFirst: Choices = { key: 'auto', duplicates: 'skip', nationalNumbers: 'leave-out' }

/** From a file to customers in three steps: look, correct, import. Nothing is stored before the last. */
export function Exchange() {
  const { run: told } = useSearch({ from: '/frame/import' })
  return <Steps key={told ?? ''} told={told} />
}

function Steps({ told }: { told: string | undefined }) {
  const t = useWords()
  const may = useMay()
  const navigate = useNavigate()
  const [stage, setStage] = useState<Stage>(
    told ? { at: 'importing', importId: told } : { at: 'choose' },
  )
  const choose = () => {
    setStage({ at: 'choose' })
    if (told) void navigate({ to: '/import', search: {} })
  }
  const [problem, setProblem] = useState<string>()
  const look = async (file: File, choices: Choices) => {
    setProblem(undefined)
    if (stage.at !== 'preview') setStage({ at: 'looking', file })
    try {
      const preview = await askWithFile<Preview>('/api/imports/preview', file, asked(file, choices))
      setStage({ at: 'preview', file, preview, choices })
    } catch (error) {
      setProblem(refusalText(t, error))
      if (stage.at !== 'preview') setStage({ at: 'choose' })
    }
  }
  const run = async (file: File, preview: Preview, choices: Choices) => {
    setProblem(undefined)
    setStage({ at: 'sending', file })
    try {
      const query = { ...asked(file, choices), wait: 'false' }
      const { importId } = await askWithFile<Imported>('/api/imports', file, query)
      setStage({ at: 'importing', importId: importId! })
    } catch (error) {
      setProblem(refusalText(t, error))
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
              <EarlierImports watch={(importId) => setStage({ at: 'importing', importId })} />
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
          {stage.at === 'sending' && (
            <>
              <p role="status">{t('sendingFile', { file: stage.file.name })}</p>
              <Lines count={3} />
            </>
          )}
          {stage.at === 'importing' && (
            <Running
              importId={stage.importId}
              done={(result) => setStage({ at: 'done', result })}
            />
          )}
          {stage.at === 'done' && <ImportResult result={stage.result} again={choose} />}
        </div>
      </main>
    </>
  )
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

function DropZone({ choose }: { choose: (file: File) => void }) {
  const t = useWords()
  const isPhone = useIsPhone()
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
      {/* Nobody drags a file on a phone. */}
      <h2>{t(isPhone ? 'importFile' : 'dropFile')}</h2>
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
          {count === 1
            ? t(`notice.${notice}.one`)
            : t(`notice.${notice}`, { count: t.number(count) })}
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
        <Select
          size="xs"
          label={t('whenKnown')}
          value={choices.duplicates}
          allowDeselect={false}
          style={{ width: 260 }}
          onChange={(duplicates) => look({ ...choices, duplicates: duplicates as 'skip' })}
          data={(['skip', 'update', 'only-update'] as const).map((value) => ({
            value,
            label: t(`whenKnown.${value}`),
          }))}
        />
        {choices.duplicates !== 'skip' && (
          <Select
            size="xs"
            label={t('key')}
            value={choices.key}
            allowDeselect={false}
            style={{ width: 260 }}
            data={keysOf(preview).map((value) => ({
              value,
              label: t(`key.${value}`),
            }))}
            onChange={(key) => look({ ...choices, key: key as ImportKey })}
          />
        )}
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
      <Source preview={preview} choices={choices} look={look} />
      <MappingTable mapping={preview.mapping} change={(fields) => look({ ...choices, fields })} />
      {preview.rows.length > 0 && <RowProblems rows={preview.rows} />}
      <FirstRows rows={preview.firstRows} />
    </>
  )
}

const presetNames: Record<PresetId, string> = {
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  google: 'Google Contacts',
  outlook: 'Outlook',
  odoo: 'Odoo',
  espocrm: 'EspoCRM',
  twenty: 'Twenty',
  teamleader: 'Teamleader',
}

const keyColumns: [ImportKey, string[]][] = [
  ['email', ['email']],
  ['phone', ['phone', 'mobile']],
  ['reference', ['reference']],
  ['enterpriseNumber', ['enterpriseNumber']],
  ['id', ['id']],
]

/** Only what the file has a column for can be a key. */
function keysOf({ mapping }: Preview): ImportKey[] {
  const there = keyColumns.filter(([, fields]) =>
    mapping.some(({ field }) => fields.includes(field)),
  )
  return ['auto', ...there.map(([key]) => key)]
}

/** Which program the file seems to be from, and whether its columns are as somebody set them before. */
function Source({
  preview,
  choices,
  look,
}: {
  preview: Preview
  choices: Choices
  look: (choices: Choices) => void
}) {
  const t = useWords()
  const { preset, rememberedId } = preview
  const forget = async () => {
    try {
      await ask('DELETE', `/api/import-mappings/${rememberedId}`)
      look({ ...without(choices, 'fields'), remembered: 'ignore' })
    } catch (error) {
      tellRefusal(t, error)
    }
  }
  return (
    <>
      {preview.kind !== 'vcard' && (
        <Select
          size="xs"
          label={t('preset')}
          value={preset ?? 'none'}
          allowDeselect={false}
          style={{ maxWidth: 320, marginBottom: 8 }}
          description={preset ? t('presetFound', { program: presetNames[preset] }) : undefined}
          data={[
            { value: 'none', label: t('presetNone') },
            ...Object.entries(presetNames).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(one) => look({ ...without(choices, 'fields'), preset: one as PresetId })}
        />
      )}
      {rememberedId && (
        <p className="k-dim">
          {t('rememberedText')}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void forget()}>
            {t('forgetMapping')}
          </Button>
        </p>
      )}
    </>
  )
}

function FirstRows({ rows }: { rows: Preview['firstRows'] }) {
  const t = useWords()
  const fieldLabel = useFieldLabel()
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
                {t.known(`field.${name}`) ?? t.known(`column.${name}`) ?? fieldLabel(name) ?? name}
              </span>{' '}
              {value}
            </span>
          ))}
        </div>
      ))}
    </>
  )
}
