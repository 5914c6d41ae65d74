import { Button, Group, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Colleague, SessionLine as Line } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { SessionLine } from './session-line.tsx'
import '../language/late-access.ts'

/** Where a colleague is signed in, to end it when a device is lost or somebody else has it. */
export function ColleagueSessions({ who, close }: { who: Colleague; close: () => void }) {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  const url = `/api/users/${who.id}`
  const sessions = useQuery({
    queryKey: ['sessions', who.id],
    queryFn: () => ask<{ items: Line[] }>('GET', `${url}/sessions`),
    staleTime: 0,
  })
  const end = () => {
    setBusy(true)
    ask('POST', `${url}/sign-out`)
      .then(() => {
        tell(t('signedOutOther', { name: who.name }))
        close()
      })
      .catch((error: unknown) => {
        tellRefusal(t, error)
        setBusy(false)
      })
  }
  const items = sessions.data?.items ?? []
  return (
    <Modal
      opened
      onClose={close}
      title={t('sessionsOfTitle', { name: who.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {sessions.isPending && <Lines count={2} />}
      {sessions.data && items.length === 0 && <p className="k-dim">{t('noSessions')}</p>}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {items.map((one) => (
          <SessionLine key={one.id} one={one} />
        ))}
      </ul>
      <Group justify="flex-end" mt="lg">
        <Button loading={isBusy} disabled={items.length === 0} onClick={end}>
          {t('signOutOther')}
        </Button>
      </Group>
    </Modal>
  )
}
