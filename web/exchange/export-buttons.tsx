import { Button, Menu, Progress } from '@mantine/core'
import { IconDownload, IconPackageExport, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, Refusal, save } from '../api/client.ts'
import type { ExportProgress } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

const formats = ['csv', 'xlsx', 'vcf', 'json'] as const
const LOOK_AGAIN_MS = 700

type Begun = { id: string; what: string }

export function ExportButtons() {
  const t = useWords()
  const may = useMay()
  const [begun, setBegun] = useState<Begun>()
  const kinds = (['people', 'companies'] as const).filter((kind) => may(`${kind}:export`))
  if (kinds.length === 0) return null
  const fetchExport = (path: string, what: string) => {
    const id = crypto.randomUUID()
    save(`${path}?export=${id}`)
      .then(() => setBegun({ id, what }))
      .catch((error: unknown) => tellRefusal(t, error))
  }
  return (
    <>
      <h2 className="k-subtitle">{t('exportTitle')}</h2>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('exportText')}
      </p>
      <div className="k-actions" style={{ marginTop: 0 }}>
        {kinds.map((kind) => {
          const label = t(kind === 'people' ? 'exportPeople' : 'exportCompanies')
          return (
            <Menu key={kind} position="bottom-start" shadow="md">
              <Menu.Target>
                <Button variant="default" leftSection={<IconDownload size={15} aria-hidden />}>
                  {label}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {formats.map((format) => (
                  <Menu.Item
                    key={format}
                    onClick={() => fetchExport(`/api/${kind}/export.${format}`, label)}
                  >
                    {t(`exportAs.${format}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )
        })}
        {kinds.length === 2 && (
          <Button
            variant="default"
            leftSection={<IconPackageExport size={15} aria-hidden />}
            onClick={() => fetchExport('/api/take-out', t('takeOut'))}
          >
            {t('takeOut')}
          </Button>
        )}
      </div>
      {begun && <Following key={begun.id} {...begun} />}
      {kinds.length === 2 && <p className="k-dim k-small">{t('takeOutText')}</p>}
    </>
  )
}

/** How far the server is with it, and the way to stop it. */
function Following({ id, what }: Begun) {
  const t = useWords()
  const export_ = useQuery({
    queryKey: ['exports', id],
    queryFn: () =>
      ask<ExportProgress>('GET', `/api/exports/${id}`).catch((error: unknown) => {
        // The browser has not asked for the file yet.
        if (error instanceof Refusal && error.status === 404) return null
        throw error
      }),
    refetchInterval: ({ state }) =>
      (state.data?.state ?? 'running') === 'running' ? LOOK_AGAIN_MS : false,
    staleTime: 0,
  })
  const { state = 'running', done = 0, total = 0 } = export_.data ?? {}
  const stop = () =>
    ask('DELETE', `/api/exports/${id}`)
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void export_.refetch())
  return (
    <div style={{ marginBottom: 12 }}>
      <p role="status" style={{ marginBottom: 6 }}>
        {what}: {t(`export.${state}`, { count: t.number(done) })}
      </p>
      {state === 'running' && (
        <>
          <Progress value={total > 0 ? (100 * done) / total : 0} animated aria-label={what} />
          <p className="k-dim k-small">
            {t('importingDone', { done: t.number(done), count: t.number(total) })}
          </p>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconX size={14} aria-hidden />}
            onClick={() => void stop()}
          >
            {t('stopExport')}
          </Button>
        </>
      )}
    </div>
  )
}
