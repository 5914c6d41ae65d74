import { Button, Group, Modal, MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Colleague, Leaving } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText, tell } from '../parts/tell.tsx'
import '../language/late-rights.ts'

const counted = ['people', 'companies', 'tasks', 'views', 'sharesHad', 'sharesMade'] as const

/** What somebody who leaves has, who gets it, and then the account is closed. Broken off, the rest is still theirs. */
export function LeaverDialog({
  who,
  close,
  done,
}: {
  who: Colleague
  close: () => void
  done: () => void
}) {
  const t = useWords()
  const names = useNames()
  const [receivers, setReceivers] = useState<string[]>([])
  const [left, setLeft] = useState<number>()
  const [problem, setProblem] = useState<string>()
  const leaving = useQuery({
    queryKey: ['rights', 'leaving', who.id],
    queryFn: () => ask<Leaving>('GET', `/api/users/${who.id}/leaving`),
    staleTime: 0,
  })
  const go = async () => {
    setProblem(undefined)
    try {
      for (;;) {
        const now = await ask<{ left: number }>('POST', `/api/users/${who.id}/leave`, {
          body: { receivers },
        })
        setLeft(now.left)
        if (now.left === 0) break
      }
      tell(t('leaverDone', { name: who.name }))
      done()
      close()
    } catch (error) {
      setProblem(refusalText(t, error))
      setLeft(undefined)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('leaverTitle', { name: who.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ marginTop: 0 }}>{t('leaverText', { name: who.name })}</p>
      {leaving.error && <Broken error={leaving.error} />}
      {leaving.isPending && <Lines />}
      {leaving.data && (
        <ul className="k-rights-list">
          {counted.map((what) => (
            <li key={what}>
              {t.number(leaving.data[what])} {t(`leaves.${what}`)}
            </li>
          ))}
          {leaving.data.programs.length > 0 && (
            <li>{t('leaves.programs', { programs: leaving.data.programs.join(', ') })}</li>
          )}
        </ul>
      )}
      <MultiSelect
        searchable
        label={t('leaverReceivers')}
        data={names.colleagues
          .filter((one) => one.status === 'active' && one.id !== who.id)
          .map((one) => ({ value: one.id, label: one.name }))}
        value={receivers}
        onChange={setReceivers}
      />
      {left !== undefined && left > 0 && (
        <p role="status">{t('leaverLeft', { count: t.number(left) })}</p>
      )}
      {problem && (
        <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
          {problem}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button
          disabled={receivers.length === 0 || !leaving.data}
          loading={left !== undefined}
          onClick={() => void go()}
        >
          {t('leaverGo')}
        </Button>
      </Group>
    </Modal>
  )
}
