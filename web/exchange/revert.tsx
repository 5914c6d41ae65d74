import { Button, Checkbox, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Reverted, RevertPreview } from '../api/shapes.ts'
import { useFieldLabel } from '../fields/custom-fields.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'

/** Before an import is taken back: what goes, what comes back, and whose work since would be lost. */
export function RevertDialog({
  importId,
  close,
  done,
}: {
  importId: string
  close: () => void
  done?: () => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const [isAll, setAll] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const preview = useQuery({
    queryKey: ['imports', importId, 'revert'],
    queryFn: () => ask<RevertPreview>('GET', `/api/imports/${importId}/revert`),
    staleTime: 0,
    gcTime: 0,
  })
  const revert = async () => {
    setBusy(true)
    try {
      const { removed, removedCompanies, restored, keptBecauseChanged, keptBecauseMerged } =
        await ask<Reverted>('POST', `/api/imports/${importId}/revert`, {
          body: { changedSince: isAll ? 'revert' : 'keep' },
        })
      tell(
        t('reverted', {
          removed: t.number(removed),
          companies: t.number(removedCompanies),
          restored: t.number(restored),
          kept: t.number(keptBecauseChanged + keptBecauseMerged),
        }),
      )
      await queries.invalidateQueries()
      done?.()
      close()
    } catch (error) {
      tellRefusal(t, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('revertTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {preview.data ? (
        <What preview={preview.data} isAll={isAll} setAll={setAll} />
      ) : (
        <Lines count={3} />
      )}
      <div className="k-actions">
        <Button
          loading={isBusy}
          disabled={!preview.data || isNothing(preview.data, isAll)}
          onClick={() => void revert()}
        >
          {t('revert')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('cancel')}
        </Button>
      </div>
    </Modal>
  )
}

function isNothing(preview: RevertPreview, isAll: boolean): boolean {
  const { people, companies, restored, notes, tasks, photos, changedSinceCount } = preview
  return (
    people + companies + restored + notes + tasks + photos + (isAll ? changedSinceCount : 0) === 0
  )
}

function What({
  preview,
  isAll,
  setAll,
}: {
  preview: RevertPreview
  isAll: boolean
  setAll: (isAll: boolean) => void
}) {
  const t = useWords()
  const fieldLabel = useFieldLabel()
  const { people, companies, restored, notes, tasks, photos, merged } = preview
  const { changedSinceCount, changedSince } = preview
  return (
    <>
      {isNothing(preview, true) && <p>{t('revertNothing')}</p>}
      <ul>
        {people + companies > 0 && (
          <li>
            {t('revertRemoved', { people: t.number(people), companies: t.number(companies) })}
          </li>
        )}
        {restored > 0 && <li>{t('revertRestored', { count: t.number(restored) })}</li>}
        {notes + tasks > 0 && (
          <li>{t('revertHung', { notes: t.number(notes), tasks: t.number(tasks) })}</li>
        )}
        {photos > 0 && <li>{t.count('revertPhotosOne', 'revertPhotosMany', photos)}</li>}
      </ul>
      {merged > 0 && <p>{t.count('revertMergedOne', 'revertMergedMany', merged)}</p>}
      {changedSinceCount > 0 && (
        <>
          <p>{t('revertSince', { count: t.number(changedSinceCount) })}</p>
          <Checkbox
            label={t('revertSinceToo')}
            checked={isAll}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className="k-table-scroll" aria-label={t('revertLoses')} tabIndex={0}>
            <table className="k-plain">
              <thead>
                <tr>
                  <th scope="col">{t('revertCustomer')}</th>
                  <th scope="col">{t('revertLoses')}</th>
                </tr>
              </thead>
              <tbody>
                {changedSince.map((one) => (
                  <tr key={one.id}>
                    <td>
                      <Link
                        to={one.kind === 'person' ? '/people/$id' : '/companies/$id'}
                        params={{ id: one.id }}
                      >
                        {one.name}
                      </Link>
                    </td>
                    <td className="k-dim">
                      {[
                        one.edits > 0 && t('revertEdits', { count: one.edits }),
                        one.fields
                          .map(
                            (name) =>
                              t.known(`field.${name}`) ??
                              t.known(`column.${name}`) ??
                              fieldLabel(name) ??
                              name,
                          )
                          .join(', '),
                        one.notes > 0 && t('revertNotes', { count: one.notes }),
                        one.tasks > 0 && t('revertTasks', { count: one.tasks }),
                        one.files > 0 && t('revertFiles', { count: one.files }),
                      ]
                        .filter(Boolean)
                        .join(' · ') || t('revertHasPeople')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </>
  )
}
