import { Checkbox, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecordKind, View } from '../api/shapes.ts'
import { rolesQuery, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { useForgetViews } from './use-views.ts'

type Defaults = { items: { list: string; roleId: string; viewId: string | null }[] }

/** For whoever may share with everyone: which roles begin with this view. */
export function FirstViewOf({
  kind,
  view,
  close,
}: {
  kind: RecordKind
  view: View
  close: () => void
}) {
  const t = useWords()
  const forget = useForgetViews(kind)
  const underway = useRef(0)
  const [picked, setPicked] = useState<string[]>()
  const roleName = useRoleName()
  const roles = useQuery(rolesQuery)
  const defaults = useQuery({
    queryKey: ['views', kind, 'defaults'],
    queryFn: () => ask<Defaults>('GET', '/api/views/default'),
  })
  if (!roles.data || !defaults.data) return null
  const kept = defaults.data.items
    .filter((one) => one.list === kind && one.viewId === view.id)
    .map((one) => one.roleId)
  const chosen = picked ?? kept
  const choose = (next: string[]) => {
    const changes = [
      ...next.filter((id) => !chosen.includes(id)).map((roleId) => ({ roleId, viewId: view.id })),
      ...chosen.filter((id) => !next.includes(id)).map((roleId) => ({ roleId, viewId: null })),
    ]
    // It shows at once; the server's answer to the last of them corrects what did not work.
    setPicked(next)
    underway.current += 1
    Promise.all(
      changes.map((one) => ask('POST', '/api/views/default', { body: { list: kind, ...one } })),
    )
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(async () => {
        underway.current -= 1
        if (underway.current > 0) return
        await forget()
        if (underway.current === 0) setPicked(undefined)
      })
  }
  return (
    <Modal
      opened
      onClose={close}
      title={view.content?.name}
      size={420}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Checkbox.Group label={t('viewDefault')} value={chosen} onChange={choose}>
        {roles.data.items.map(({ id }) => (
          <Checkbox key={id} mt={8} size="sm" value={id} label={roleName(id)} />
        ))}
      </Checkbox.Group>
    </Modal>
  )
}
