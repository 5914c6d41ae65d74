import { Button, Group, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { LinkedColleagues, Provider, ScimTokens } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { Copy } from '../record/inline.tsx'
import { Address, providersKey } from './provider-parts.tsx'

const days = ['90', '180', '365'] as const

/** The provider's program that keeps colleagues here: its address, and the tokens it shows. */
export function Directory({ provider }: { provider: Provider }) {
  const t = useWords()
  const queries = useQueryClient()
  const [valid, setValid] = useState<string>('365')
  const [made, setMade] = useState<string>()
  const path = `/api/identity-providers/${provider.id}/scim-tokens`
  const key = [...providersKey, provider.id, 'scim']
  const { data } = useQuery({ queryKey: key, queryFn: () => ask<ScimTokens>('GET', path) })
  const attempt = (act: Promise<unknown>) =>
    act
      .then(() => queries.invalidateQueries({ queryKey: key }))
      .catch((error: unknown) => tellRefusal(t, error))
  const make = () =>
    attempt(
      ask<{ token: string }>('POST', path, { body: { days: Number(valid) } }).then(({ token }) =>
        setMade(token),
      ),
    )
  return (
    <details style={{ marginTop: 14 }}>
      <summary className="k-form-label" style={{ display: 'list-item', cursor: 'pointer' }}>
        {t('directory')}
      </summary>
      <p className="k-dim" style={{ maxWidth: '64ch' }}>
        {t('directoryText')}
      </p>
      <Address label={t('directoryAddress')} value={provider.scim} />
      {made && (
        <div className="k-card" style={{ margin: '10px 0' }} role="status">
          <p style={{ margin: '0 0 6px' }}>{t('directoryTokenText')}</p>
          <div className="k-value-line">
            <code style={{ overflowWrap: 'anywhere' }}>{made}</code>
            <Copy value={made} />
          </div>
        </div>
      )}
      <ul style={{ margin: '0 0 10px', padding: 0, listStyle: 'none' }}>
        {data?.items.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <span style={{ flex: 1 }}>
              {stateOf(t, one)}
              <br />
              <span className="k-dim k-small">
                {one.lastUsedAt
                  ? t('directoryUsed', { when: t.ago(one.lastUsedAt) })
                  : t('directoryUnused')}
              </span>
            </span>
            {!one.isRevoked && Date.parse(one.expiresAt) > Date.now() && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => void attempt(ask('DELETE', `${path}/${one.id}`))}
              >
                {t('directoryRevoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Group align="flex-end" gap="xs">
        <Select
          label={t('directoryDays')}
          allowDeselect={false}
          w={140}
          value={valid}
          onChange={(next) => next && setValid(next)}
          data={days.map((value) => ({ value, label: t(`directoryDays.${value}`) }))}
        />
        <Button variant="default" onClick={() => void make()}>
          {t('directoryToken')}
        </Button>
      </Group>
    </details>
  )
}

function stateOf(t: Speak, { isRevoked, expiresAt }: ScimTokens['items'][number]): string {
  if (isRevoked) return t('directoryRevoked')
  if (Date.parse(expiresAt) <= Date.now()) return t('directoryOver')
  return t('directoryUntil', { when: t.day(expiresAt.slice(0, 10)) })
}

/** Who signed in this way; unlinking is for whoever got a new account at the provider. */
export function Links({ provider }: { provider: Provider }) {
  const t = useWords()
  const queries = useQueryClient()
  const names = useNames()
  const path = `/api/identity-providers/${provider.id}/links`
  const { data } = useQuery({
    queryKey: [...providersKey, provider.id, 'links'],
    queryFn: () => ask<LinkedColleagues>('GET', path),
  })
  const unlink = (id: string) =>
    ask('DELETE', `${path}/${id}`)
      .then(() => queries.invalidateQueries({ queryKey: providersKey }))
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <details style={{ marginTop: 14 }}>
      <summary className="k-form-label" style={{ display: 'list-item', cursor: 'pointer' }}>
        {t('linked')}
      </summary>
      <p className="k-dim" style={{ maxWidth: '64ch' }}>
        {t(data?.items.length === 0 ? 'linkedNone' : 'unlinkText')}
      </p>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {data?.items.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <span style={{ flex: 1 }}>
              {names.user(one.userId)}
              <br />
              <span className="k-dim k-small">
                {one.lastUsedAt && t('directoryUsed', { when: t.ago(one.lastUsedAt) })}
              </span>
            </span>
            <Button size="compact-sm" variant="default" onClick={() => void unlink(one.id)}>
              {t('unlink')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
