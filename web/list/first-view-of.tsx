import { Checkbox } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RecordKind, Roles, View } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { useForgetViews } from './use-views.ts'

type Defaults = { items: { list: string; roleId: string; viewId: string | null }[] }

/** For whoever may share with everyone: which roles begin with this view. */
export function FirstViewOf({ kind, view }: { kind: RecordKind; view: View }) {
  const t = useWords()
  const forget = useForgetViews(kind)
  const queries = useQueryClient()
  const queryKey = ['views', kind, 'defaults']
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => ask<Roles>('GET', '/api/roles') })
  const defaults = useQuery({
    queryKey,
    queryFn: () => ask<Defaults>('GET', '/api/views/default'),
  })
  if (!roles.data || !defaults.data) return null
  const { items } = defaults.data
  const chosen = items
    .filter((one) => one.list === kind && one.viewId === view.id)
    .map((one) => one.roleId)
  const choose = (next: string[]) => {
    const changes = [
      ...next.filter((id) => !chosen.includes(id)).map((roleId) => ({ roleId, viewId: view.id })),
      ...chosen.filter((id) => !next.includes(id)).map((roleId) => ({ roleId, viewId: null })),
    ].map((one) => ({ list: kind, ...one }))
    // It shows at once; the server's answer corrects what did not work.
    const isLeft = (one: Defaults['items'][number]) =>
      !changes.some(({ list, roleId }) => list === one.list && roleId === one.roleId)
    queries.setQueryData<Defaults>(queryKey, { items: [...items.filter(isLeft), ...changes] })
    Promise.all(changes.map((body) => ask('POST', '/api/views/default', { body })))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void forget())
  }
  return (
    <Checkbox.Group
      size="xs"
      style={{ padding: '4px 12px 8px' }}
      label={t('viewDefault')}
      value={chosen}
      onChange={choose}
    >
      {roles.data.items.map(({ id }) => (
        <Checkbox key={id} mt={4} size="xs" value={id} label={t.known(`role.${id}`) ?? id} />
      ))}
    </Checkbox.Group>
  )
}
