import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Imported } from '../api/shapes.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Counts, problemText, RowProblems } from './exchange.tsx'

export function ImportResult({ result, again }: { result: Imported; again: () => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const [isReverting, setReverting] = useState(false)
  const [isReverted, setReverted] = useState(false)
  const revert = async () => {
    setReverting(true)
    try {
      const reply = await ask<{ removed: number; keptBecauseChanged: number }>('POST', `/api/imports/${result.importId}/revert`)
      setReverted(true)
      tell(t('reverted', { removed: t.number(reply.removed), kept: t.number(reply.keptBecauseChanged) }))
      await queries.invalidateQueries()
    } catch (error) {
      tellRefusal(t, error)
    }
    setReverting(false)
  }
  return (
    <>
      <h2 role="status" style={{ display: 'flex', alignItems: 'center', gap: 8, margin: '0 0 14px', fontSize: 16 }}>
        <IconCircleCheck size={22} stroke={1.6} aria-hidden />
        {isReverted ? t('importReverted') : t('importDone')}
      </h2>
      <Counts result={result} />
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 18 }}>
        <Button component={Link} to="/people">
          {t('toPeople')}
        </Button>
        <Button variant="default" onClick={again}>
          {t('otherFile')}
        </Button>
        {result.rows.length > 0 && (
          <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />} onClick={() => download(t, result)}>
            {t('downloadRows')}
          </Button>
        )}
        {result.importId && !isReverted && (
          <Button variant="default" loading={isReverting} leftSection={<IconArrowBackUp size={15} aria-hidden />} onClick={() => void revert()}>
            {t('revert')}
          </Button>
        )}
      </div>
      {result.rows.length > 0 && <RowProblems rows={result.rows} />}
    </>
  )
}

function download(t: Speak, result: Imported): void {
  const head = [t('line'), t('whatHappens'), t('why'), t('value')]
  const lines = result.rows.flatMap((row) =>
    row.problems.map((one) => [String(row.line), t(`row.${row.outcome}`), problemText(t, one.problem), one.value]),
  )
  const csv = `\ufeff${[head, ...lines].map((cells) => cells.map(cell).join(';')).join('\r\n')}\r\n`
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }))
  link.download = 'kluis-import.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A value that a spreadsheet would take for a formula gets an apostrophe and stays text. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
