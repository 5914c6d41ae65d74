import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowBackUp, IconDots, IconDownload, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { ImportRun } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { RevertDialog } from './revert.tsx'
import { timeLeft } from './running.tsx'

/** What was brought in before: how it went, what was refused, and the way back. */
export function EarlierImports({ watch }: { watch: (importId: string) => void }) {
  const t = useWords()
  const [reverting, setReverting] = useState<string>()
  const runs = useQuery({
    queryKey: ['imports'],
    queryFn: () => ask<{ items: ImportRun[] }>('GET', '/api/imports'),
    staleTime: 0,
    // Only while something moves.
    refetchInterval: ({ state }) =>
      state.data?.items.some((run) => run.state === 'running') ? 2_000 : false,
  })
  if (!runs.data || runs.data.items.length === 0) return null
  return (
    <>
      <h2 className="k-subtitle">{t('earlierImports')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" aria-label={t('earlierImports')} tabIndex={0}>
        <table className="k-plain">
          <thead>
            <tr>
              <th scope="col">{t('file')}</th>
              <th scope="col">{t('when')}</th>
              <th scope="col">{t('import.created')}</th>
              <th scope="col">{t('import.refused')}</th>
              <th scope="col">
                <span className="k-hidden">{t('more')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.data.items.map((run) => (
              <tr key={run.id}>
                <td>
                  {run.fileName || '–'}
                  {run.state !== 'done' && (
                    <span className="k-dim k-small">
                      {' '}
                      · {t(`run.${run.state}`)}
                      {isUnderWay(run) &&
                        ` · ${t('importingDone', { done: t.number(run.read), count: t.number(run.total) })}`}
                      {run.secondsLeft !== null && ` · ${timeLeft(t, run.secondsLeft)}`}
                    </span>
                  )}
                </td>
                <td className="k-dim">{t.instant(run.startedAt)}</td>
                <td>{t.number(run.created)}</td>
                <td>{t.number(run.refused)}</td>
                <td style={{ textAlign: 'right' }}>
                  <Menu position="bottom-end" shadow="md">
                    <Menu.Target>
                      <ActionIcon aria-label={`${t('more')}: ${run.fileName}`}>
                        <IconDots size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      {isUnderWay(run) && (
                        <Menu.Item
                          leftSection={<IconPlayerPlay size={14} aria-hidden />}
                          onClick={() => watch(run.id)}
                        >
                          {t('followImport')}
                        </Menu.Item>
                      )}
                      <Menu.Item
                        component="a"
                        href={`/api/imports/${run.id}/refused`}
                        download
                        disabled={run.refused === 0}
                        leftSection={<IconDownload size={14} aria-hidden />}
                      >
                        {t('downloadRefused')}
                      </Menu.Item>
                      <Menu.Item
                        disabled={run.state === 'running'}
                        leftSection={<IconArrowBackUp size={14} aria-hidden />}
                        onClick={() => setReverting(run.id)}
                      >
                        {t(run.state === 'reverted' ? 'revertRest' : 'revert')}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {reverting && <RevertDialog importId={reverting} close={() => setReverting(undefined)} />}
    </>
  )
}

function isUnderWay({ state }: ImportRun): boolean {
  return ['running', 'paused', 'interrupted', 'failed'].includes(state)
}
