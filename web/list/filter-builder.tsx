import { ActionIcon, Button, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type {
  Condition,
  Field,
  FieldDefinition,
  Filter,
  Groups,
  Operator,
  RecordKind,
} from '../api/shapes.ts'
import { fieldNamed, optionLabel, useCustomFields, wordIn } from '../fields/custom-fields.ts'
import { RecordsPicker } from '../fields/records-picker.tsx'
import { SectorsPicker } from '../fields/sectors-picker.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { useFields } from './use-fields.ts'
import { useSegments } from './use-views.ts'
import { valueName } from './value-names.ts'

type Group = { all: Filter[] } | { any: Filter[] }
// As deep as the server takes it.
const DEEPEST = 2

// What stands beside the customer itself, in the order it is looked for.
const places = [
  'own',
  'activity',
  'task',
  'note',
  'file',
  'affiliation',
  'relation',
  'company',
  'person',
] as const

const partsOf = (group: Group): Filter[] => ('all' in group ? group.all : group.any)
const withParts = (group: Group, parts: Filter[]): Group =>
  'all' in group ? { all: parts } : { any: parts }
const first: Condition = { field: 'city', operator: 'is', values: [] }

/** Conditions and groups of them, each a line; what is half made asks nothing yet. */
export function FilterBuilder({
  kind,
  filter,
  change,
}: {
  kind: RecordKind
  filter: Filter | null
  change: (next: Filter | null) => void
}) {
  const t = useWords()
  const fields = useFields(kind)
  const group: Group = !filter ? { all: [first] } : 'field' in filter ? { all: [filter] } : filter
  return (
    <section className="k-builder" aria-label={t('filter')}>
      <GroupLines
        kind={kind}
        fields={fields}
        group={group}
        depth={0}
        change={(next) => change(partsOf(next).length === 0 ? null : next)}
      />
    </section>
  )
}

function GroupLines({
  kind,
  fields,
  group,
  depth,
  change,
  remove,
}: {
  kind: RecordKind
  fields: Field[]
  group: Group
  depth: number
  change: (next: Group) => void
  remove?: () => void
}) {
  const t = useWords()
  const parts = partsOf(group)
  const replace = (at: number, next: Filter | undefined) =>
    change(withParts(group, next ? parts.with(at, next) : parts.toSpliced(at, 1)))
  return (
    <fieldset className="k-builder-group" data-depth={depth}>
      <legend className="k-builder-line">
        <span className="k-dim k-small">{t('filterMatch')}</span>
        <Select
          size="xs"
          w={190}
          aria-label={t('filterMatch')}
          allowDeselect={false}
          data={[
            { value: 'all', label: t('filterAll') },
            { value: 'any', label: t('filterAny') },
          ]}
          value={'all' in group ? 'all' : 'any'}
          onChange={(way) => change(way === 'any' ? { any: parts } : { all: parts })}
        />
        {remove && (
          <ActionIcon size="sm" aria-label={t('filterRemoveGroup')} onClick={remove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </legend>
      {parts.map((part, at) =>
        'field' in part ? (
          <ConditionLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is what stands at its place
            key={at}
            kind={kind}
            fields={fields}
            condition={part}
            change={(next) => replace(at, next)}
            remove={() => replace(at, undefined)}
          />
        ) : (
          <GroupLines
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is what stands at its place
            key={at}
            kind={kind}
            fields={fields}
            group={part}
            depth={depth + 1}
            change={(next) => replace(at, next)}
            remove={() => replace(at, undefined)}
          />
        ),
      )}
      <div className="k-builder-line">
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => change(withParts(group, [...parts, first]))}
        >
          {t('filterAdd')}
        </Button>
        {depth < DEEPEST && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconPlus size={13} aria-hidden />}
            onClick={() =>
              change(
                withParts(group, [...parts, 'all' in group ? { any: [first] } : { all: [first] }]),
              )
            }
          >
            {t('filterAddGroup')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function ConditionLine({
  kind,
  fields,
  condition,
  change,
  remove,
}: {
  kind: RecordKind
  fields: Field[]
  condition: Condition
  change: (next: Condition) => void
  remove: () => void
}) {
  const t = useWords()
  const field = fields.find((one) => one.name === condition.field)
  const asItem = (one: Field) => ({ value: one.name, label: wordIn(one.label, t.language) })
  const groups = places.flatMap((of) => {
    const items = fields.filter((one) => (one.of ?? 'own') === of && !isOwn(one, null)).map(asItem)
    return items.length > 0 ? [{ group: t(`of.${of}`), items }] : []
  })
  const ownItems = fields.filter((one) => isOwn(one, null)).map(asItem)
  if (ownItems.length > 0) groups.splice(1, 0, { group: t('customFields'), items: ownItems })
  const pick = (name: string | null) => {
    const next = fields.find((one) => one.name === name)
    if (!next) return
    const operator = next.operators.includes(condition.operator)
      ? condition.operator
      : next.operators[0]!
    // The options of one field mean nothing to another.
    const isSame =
      next.kind === field?.kind &&
      next.recordKind === field.recordKind &&
      !isOwn(next) &&
      !isOwn(field)
    change({ field: next.name, operator, values: isSame ? condition.values : [] })
  }
  return (
    <div className="k-builder-line">
      <Select
        size="xs"
        className="k-builder-field"
        searchable
        aria-label={t('filterField')}
        allowDeselect={false}
        maxDropdownHeight={320}
        data={groups}
        value={condition.field}
        onChange={pick}
      />
      {field && field.operators.length > 1 && (
        <Select
          size="xs"
          className="k-builder-operator"
          aria-label={t('filterOperator')}
          allowDeselect={false}
          data={field.operators.map((one) => ({ value: one, label: t(`op.${one}`) }))}
          value={condition.operator}
          onChange={(operator) =>
            operator && change({ ...condition, operator: operator as Operator })
          }
        />
      )}
      {field && <ConditionValue kind={kind} field={field} condition={condition} change={change} />}
      <ActionIcon size="sm" aria-label={t('filterRemove')} onClick={remove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}

function ConditionValue({
  kind,
  field,
  condition,
  change,
}: {
  kind: RecordKind
  field: Field
  condition: Condition
  change: (next: Condition) => void
}) {
  const t = useWords()
  const names = useNames()
  const segments = useSegments(kind)
  const own = useOwn(kind, field)
  const { operator, values } = condition
  const isSeveral = operator === 'is' || operator === 'is-not'
  const set = (next: string[]) => change({ ...condition, values: next })
  const shared = {
    size: 'xs' as const,
    className: 'k-builder-value',
    'aria-label': t('filterValue'),
  }
  if (operator === 'empty' || operator === 'not-empty') return null
  if (operator.endsWith('-days'))
    return (
      <TextInput
        {...shared}
        aria-label={t('filterDays')}
        type="number"
        min={1}
        value={values[0] ?? ''}
        onChange={(event) => set([event.currentTarget.value])}
      />
    )
  if (field.kind === 'yes-no')
    return (
      <Select
        {...shared}
        allowDeselect={false}
        data={[
          { value: 'yes', label: t('yes') },
          { value: 'no', label: t('no') },
        ]}
        value={values[0] ?? null}
        onChange={(value) => set(value ? [value] : [])}
      />
    )
  if (field.kind === 'day' || field.kind === 'yearly' || field.kind === 'instant')
    return <DateField {...shared} value={values[0] ?? ''} change={(day) => set(day ? [day] : [])} />
  if (field.kind === 'number')
    return (
      <TextInput
        {...shared}
        inputMode="numeric"
        value={values[0] ?? ''}
        onChange={(event) => set([event.currentTarget.value])}
      />
    )
  const recordsOf = field.recordKind ? otherKind(field.recordKind) : undefined
  if (recordsOf && isSeveral)
    return <RecordsPicker {...shared} kind={recordsOf} values={values} set={set} />
  if (field.kind === 'sector') return <SectorsPicker {...shared} values={values} set={set} />
  const choices = own?.options.length
    ? own.options.map((one) => ({ value: one.id, label: optionLabel(own, one.id, t) }))
    : field.kind === 'stage'
      ? (['lead', 'prospect', 'customer', 'former'] as const).map((value) => ({
          value: value as string,
          label: t(`stage.${value}`),
        }))
      : field.kind === 'user'
        ? names.colleagues.map((one) => ({ value: one.id, label: one.name }))
        : field.kind === 'team'
          ? names.teams.map((one) => ({ value: one.id, label: one.name }))
          : field.kind === 'segment'
            ? segments.map((one) => ({ value: one.id, label: one.content!.name }))
            : field.valueNames && isSeveral
              ? Object.entries(field.valueNames).map(([value, name]) => ({
                  value,
                  label: name[t.language],
                }))
              : undefined
  if (choices)
    return (
      <MultiSelect {...shared} searchable clearable data={choices} value={values} onChange={set} />
    )
  if (field.kind === 'choice' && isSeveral)
    return <ChoiceValues kind={kind} field={field} values={values} set={set} />
  return isSeveral ? (
    <TagsInput {...shared} value={values} maxLength={200} onChange={set} acceptValueOnBlur />
  ) : (
    <TextInput
      {...shared}
      maxLength={200}
      value={values[0] ?? ''}
      onChange={(event) => set([event.currentTarget.value])}
    />
  )
}

/** The values there are, most frequent first; another may be typed. */
function ChoiceValues({
  kind,
  field,
  values,
  set,
}: {
  kind: RecordKind
  field: Field
  values: string[]
  set: (next: string[]) => void
}) {
  const t = useWords()
  const names = useNames()
  const [of, name] =
    field.of === null ? [kind, field.name] : [otherKind(field.of), field.name.split('.')[1]!]
  const found = useQuery({
    queryKey: ['facets', of, 'values', name],
    queryFn: () => ask<Groups>('POST', `/api/${of}/groups`, { body: { by: name } }),
  })
  const there = (found.data?.groups ?? []).flatMap(({ value }) => value ?? [])
  return (
    <TagsInput
      size="xs"
      className="k-builder-value"
      aria-label={t('filterValue')}
      value={values}
      onChange={set}
      maxLength={200}
      acceptValueOnBlur
      limit={50}
      data={there}
      renderOption={({ option }) => valueName(field, option.value, t, names)}
    />
  )
}

/** Made by the organisation; `of` null asks for those of the record itself. */
const isOwn = ({ name, of }: Field, asked: Field['of'] = of): boolean =>
  of === asked && /(^|\.)custom\./.test(name)

/** The field of the organisation's own that is asked for, of the record itself or of what is linked to it. */
function useOwn(kind: RecordKind, field: Field): FieldDefinition | undefined {
  const of = field.of === 'company' || field.of === 'person' ? otherKind(field.of) : kind
  return fieldNamed(useCustomFields(of), field.name.replace(/^(company|person)\./, ''))
}

function otherKind(of: Field['of']): RecordKind {
  return of === 'company' ? 'companies' : 'people'
}
