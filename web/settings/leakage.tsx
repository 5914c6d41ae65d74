import { Table } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Leakage } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import '../language/late-leakage.ts'
import { Lines } from '../parts/marks.tsx'
import { Section } from './settings.tsx'

type TableOf = Leakage['tables'][number]
type Shown = { table: string; column: string; what: string }
const leakageQuery = queryOptions({
  queryKey: ['leakage'],
  queryFn: () => ask<Leakage>('GET', '/api/leakage'),
})
// A schema of ours before the name says nothing to whoever reads this.
const short = (name: string) => name.replace(/^kluis\./, '')

export default function WhatAThiefSees() {
  const t = useWords()
  const { data } = useQuery(leakageQuery)
  if (!data) return <Lines />
  const { tables } = data
  const columns = tables.flatMap((table) => table.columns.map((column) => ({ table, column })))
  const shown = (kinds: string[], isOfCustomers: boolean): Shown[] =>
    columns
      .filter(
        ({ table, column }) => table.isOfCustomers === isOfCustomers && kinds.includes(column.kind),
      )
      .map(({ table, column }) => ({
        table: short(table.name),
        column: column.name,
        what:
          column.holds.length > 0
            ? column.holds.map((label) => label[t.language]).join(', ')
            : column.shows
              ? (t.known(`shows.${column.shows}`) ?? column.shows)
              : column.kind === 'words'
                ? t('leakageWord')
                : '',
      }))
  const count = (kind: string) => columns.filter(({ column }) => column.kind === kind).length
  const slots = columns
    .filter(({ column }) => column.name === 'key_slot')
    .map(({ table }) => `${short(table.name)}.key_slot`)
  return (
    <>
      <p style={{ margin: '0 0 24px', maxWidth: '64ch' }}>{t('leakageText')}</p>
      <Section title={t('leakageSealed')} text={t('leakageSealedText')}>
        <Both of={(isOfCustomers) => shown(['sealed'], isOfCustomers)} />
      </Section>
      <Section title={t('leakageReadable')} text={t('leakageReadableText')}>
        <Both of={(isOfCustomers) => shown(['readable', 'words'], isOfCustomers)} />
      </Section>
      <Section title={t('leakageEqual')} text={t('leakageEqualText')}>
        <Both of={(isOfCustomers) => shown(['token'], isOfCustomers)} />
      </Section>
      <Section title={t('leakageTied')} text={t('leakageTiedText')}>
        <p className="k-small">{tied(tables).join(', ')}</p>
        <p>{t('leakageOrder', { columns: slots.join(', ') })}</p>
        <p>
          {t('leakageMoments', { count: t.number(count('moment')), ids: t.number(count('id')) })}
        </p>
        <p className="k-dim">{t('leakageMeasured')}</p>
      </Section>
    </>
  )
}

const tied = (tables: readonly TableOf[]) =>
  tables.filter(({ isOfCustomers }) => isOfCustomers).map(({ name }) => short(name))

function Both({ of }: { of: (isOfCustomers: boolean) => Shown[] }) {
  const t = useWords()
  return (
    <>
      <Columns title={t('leakageOfCustomers')} rows={of(true)} />
      <Columns title={t('leakageRest')} rows={of(false)} />
    </>
  )
}

function Columns({ title, rows }: { title: string; rows: Shown[] }) {
  if (rows.length === 0) return null
  return (
    <>
      <h3 style={{ margin: '12px 0 4px', fontSize: 13 }}>{title}</h3>
      <Table verticalSpacing={4} className="k-small" style={{ tableLayout: 'fixed' }}>
        <Table.Tbody>
          {rows.map(({ table, column, what }) => (
            <Table.Tr key={`${table}.${column}`}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <code>
                  {table}.{column}
                </code>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
