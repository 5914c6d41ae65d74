import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Imported, Reverted } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Counts, RowProblems } from './row-problems.tsx'

export function useRevert(): { revert: (id: string) => Promise<boolean>; isBusy: boolean } {
  const t = useWords()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const revert = async (id: string) => {
    setBusy(true)
    try {
      const { removed, removedCompanies, keptBecauseChanged } = await ask<Reverted>(
        'POST',
        `/api/imports/${id}/revert`,
      )
      tell(
        t('reverted', {
          removed: t.number(removed),
          companies: t.number(removedCompanies),
          kept: t.number(keptBecauseChanged),
        }),
      )
      await queries.invalidateQueries()
      return true
    } catch (error) {
      tellRefusal(t, error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { revert, isBusy }
}

export function ImportResult({ result, again }: { result: Imported; again: () => void }) {
  const t = useWords()
  const { revert, isBusy } = useRevert()
  const [isReverted, setReverted] = useState(false)
  const { importId } = result
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
        {importId && result.refused > 0 && (
          <Button
            component="a"
            href={`/api/imports/${importId}/refused.csv`}
            download
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t('downloadRefused')}
          </Button>
        )}
        {importId && !isReverted && (
          <Button
            variant="default"
            loading={isBusy}
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            onClick={() => void revert(importId).then(setReverted)}
          >
            {t('revert')}
          </Button>
        )}
      </div>
      {result.rows.length > 0 && <RowProblems rows={result.rows} />}
    </>
  )
}
