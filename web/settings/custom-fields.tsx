import { Button, Collapse } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { FieldDefinition, RecordKind } from '../api/shapes.ts'
import { customFieldsQuery, recordKindOf, wordIn } from '../fields/custom-fields.ts'
import { Broken } from '../frame/broken.tsx'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { FieldForm } from './field-form.tsx'
import { FieldList } from './field-list.tsx'
import { Section } from './settings.tsx'

const allKey = [...customFieldsQuery.queryKey, 'all']

/** What the organisation keeps of people and companies beside what everyone does. */
export function CustomFieldSettings() {
  const t = useWords()
  const found = useQuery({
    queryKey: allKey,
    queryFn: () => ask<{ items: FieldDefinition[] }>('GET', '/api/fields/all'),
  })
  const [open, setOpen] = useState<{ kind: RecordKind; field: FieldDefinition | undefined }>()
  if (found.error && !found.data) return <Broken error={found.error} />
  if (!found.data) return <Lines />
  const { items } = found.data
  return (
    <>
      <Section title={t('customFields')} text={t('fieldsText')}>
        {null}
      </Section>
      {(['people', 'companies'] as const).map((kind) => (
        <FieldsOf
          key={kind}
          kind={kind}
          fields={items
            .filter((one) => one.recordKind === recordKindOf[kind])
            .sort((one, other) => one.position - other.position)}
          open={(field) => setOpen({ kind, field })}
        />
      ))}
      {open && (
        <FieldForm
          key={open.field?.id ?? open.kind}
          kind={open.kind}
          field={open.field}
          close={() => setOpen(undefined)}
        />
      )}
    </>
  )
}

/** Everything that asked for fields asks again: what one may filter by follows them. */
export function useForgetFields(): () => Promise<unknown> {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: customFieldsQuery.queryKey }),
      queries.invalidateQueries({ queryKey: ['fields'] }),
      queries.invalidateQueries({ queryKey: ['people'] }),
      queries.invalidateQueries({ queryKey: ['companies'] }),
    ])
}

function FieldsOf({
  kind,
  fields,
  open,
}: {
  kind: RecordKind
  fields: FieldDefinition[]
  open: (field: FieldDefinition | undefined) => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const forget = useForgetFields()
  const [isOldShown, setOldShown] = useState(false)
  const inUse = fields.filter((one) => !one.isArchived)
  const old = fields.filter((one) => one.isArchived)
  const set = async (id: string, isArchived: boolean) => {
    const { items } = queries.getQueryData<{ items: FieldDefinition[] }>(allKey) ?? { items: [] }
    const now = items.find((one) => one.id === id)
    if (!now) return
    await ask('PATCH', `/api/fields/${id}`, { body: { rowVersion: now.rowVersion, isArchived } })
    await forget()
  }
  const archive = (field: FieldDefinition, isArchived: boolean) => {
    const said = { field: wordIn(field.label, t.language) }
    set(field.id, isArchived)
      .then(() =>
        tellWithUndo(t, t(isArchived ? 'fieldArchived' : 'fieldBroughtBack', said), () =>
          set(field.id, !isArchived),
        ),
      )
      .catch((error: unknown) => {
        tellRefusal(t, error)
        void forget()
      })
  }
  const order = (ids: string[]) => {
    const place = new Map([...ids, ...old.map(({ id }) => id)].map((id, at) => [id, at]))
    // It stands so at once; the server's answer corrects what did not work.
    queries.setQueryData<{ items: FieldDefinition[] }>(allKey, (now) =>
      now
        ? {
            items: now.items.map((one) => ({
              ...one,
              position: place.get(one.id) ?? one.position,
            })),
          }
        : now,
    )
    ask('POST', '/api/fields/order', {
      body: { recordKind: recordKindOf[kind], ids: [...place.keys()] },
    })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void forget())
  }
  return (
    <section className="k-fields-of" aria-label={t('fieldsOf', { list: t(kind).toLowerCase() })}>
      <header>
        <h3>{t(kind)}</h3>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={t('fieldNewOf', { list: t(kind).toLowerCase() })}
          onClick={() => open(undefined)}
        >
          {t('fieldNew')}
        </Button>
      </header>
      {inUse.length === 0 ? (
        <p className="k-dim" style={{ margin: '4px 0 0' }}>
          {t('fieldsNone')}
        </p>
      ) : (
        <FieldList
          fields={inUse}
          open={open}
          archive={(field) => archive(field, true)}
          order={order}
        />
      )}
      {old.length > 0 && (
        <>
          <Button
            mt={6}
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={isOldShown}
            leftSection={
              isOldShown ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />
            }
            onClick={() => setOldShown(!isOldShown)}
          >
            {t('fieldsArchived', { count: t.number(old.length) })}
          </Button>
          <Collapse expanded={isOldShown}>
            <FieldList fields={old} open={open} bringBack={(field) => archive(field, false)} />
          </Collapse>
        </>
      )}
    </section>
  )
}
