import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useWords } from '../language/words.tsx'
import { RevertDialog } from './revert.tsx'
import { Counts, RowProblems } from './row-problems.tsx'
import type { RunRows } from './running.tsx'

export function ImportResult({ result, again }: { result: RunRows; again: () => void }) {
  const t = useWords()
  const [isAsking, setAsking] = useState(false)
  const [isReverted, setReverted] = useState(false)
  return (
    <>
      <h2 className="k-result" role="status">
        <IconCircleCheck size={22} stroke={1.6} aria-hidden />
        {isReverted ? t('importReverted') : t('importDone')}
      </h2>
      <Counts result={result} />
      <div className="k-actions">
        <Button component={Link} to="/people">
          {t('toPeople')}
        </Button>
        <Button variant="default" onClick={again}>
          {t('otherFile')}
        </Button>
        {result.refused > 0 && (
          <Button
            component="a"
            href={`/api/imports/${result.id}/refused`}
            download
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t('downloadRefused')}
          </Button>
        )}
        {!isReverted && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t('revert')}
          </Button>
        )}
      </div>
      {isAsking && (
        <RevertDialog
          importId={result.id}
          close={() => setAsking(false)}
          done={() => setReverted(true)}
        />
      )}
      {result.rows.length > 0 && <RowProblems rows={result.rows} />}
    </>
  )
}
