import { Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type {
  CompanyRelations,
  Person,
  PersonRelations,
  RecordKind,
  Relation,
  RelationKind,
} from '../api/shapes.ts'
import { addressLine } from '../entry/address-format.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { QuickLink } from './quick-view.tsx'
import { type Chosen, RecordSelect } from './record-select.tsx'
import { PeriodFields, periodText, TieForm } from './tie-form.tsx'
import { TieLine } from './tie-line.tsx'
import '../language/late.ts'

type Content = Pick<
  Relation,
  'kind' | 'label' | 'inverseLabel' | 'since' | 'until' | 'livesTogether'
>
const contentOf = ({
  kind,
  label,
  inverseLabel,
  since,
  until,
  livesTogether,
}: Content): Content => ({ kind, label, inverseLabel, since, until, livesTogether })

const kindsOf: Record<RecordKind, RelationKind[]> = {
  people: [
    'partner',
    'child',
    'parent',
    'sibling',
    'household',
    'adviser',
    'client',
    'accountant',
    'accounting-client',
    'other',
  ],
  companies: [
    'parent-company',
    'subsidiary',
    'supplier',
    'customer',
    'business-partner',
    'accountant',
    'accounting-client',
    'adviser',
    'client',
    'other',
  ],
}
// Whoever is added as one of these lives under the same roof, unless one says otherwise.
const AT_HOME = new Set<RelationKind>(['partner', 'household'])

/** What this record is to others of its kind: a household, a group, and whatever else ties them. */
export function Relations({
  kind,
  id,
  name,
  canEdit,
}: {
  kind: RecordKind
  id: string
  name: string
  canEdit: boolean
}) {
  const t = useWords()
  const queries = useQueryClient()
  const path = `/api/${kind}/${id}/relations`
  const found = useQuery({
    queryKey: ['relations', kind, id],
    queryFn: () => ask<PersonRelations | CompanyRelations>('GET', path),
  })
  const items = (found.data?.items ?? [])
    .map((one) => ({ ...one, otherName: one.otherName || t('viewUntitled') }))
    .sort((a, b) => Number(a.isPast) - Number(b.isPast))
  const household = found.data && 'household' in found.data ? found.data.household : []
  const group = found.data && 'group' in found.data ? found.data.group : []
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['relations'] })
    void queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
  }
  const relate = async (otherId: string, content: Content) => {
    await ask('POST', path, { body: { otherId, ...content } })
    await refresh()
  }
  const change = async ({ id: relationId, rowVersion }: Relation, content: Content) => {
    await ask('PATCH', `${path}/${relationId}`, { body: { rowVersion, ...content } })
    await refresh()
  }
  const remove = (one: Relation) => {
    ask('DELETE', `${path}/${one.id}`)
      .then(async () => {
        await refresh()
        tellWithUndo(t, t('untied', { name: one.otherName }), () =>
          relate(one.otherId, contentOf(one)),
        )
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
  if (!canEdit && items.length === 0 && group.length === 0) return null
  return (
    <div className="k-group">
      <h3>{t('relations')}</h3>
      {household.length > 0 && (
        <p className="k-tie-together">
          <strong>{t('household')}</strong>{' '}
          {household.map((one, at) => (
            <span key={one.id}>
              {at > 0 && ', '}
              <QuickLink kind="people" id={one.id}>
                {one.name || t('viewUntitled')}
              </QuickLink>
            </span>
          ))}
        </p>
      )}
      {group.length > 0 && (
        <div className="k-tie-together">
          <strong>{t('group')}</strong>
          <ul className="k-group-tree">
            {group.map((one) => (
              <li key={one.id} style={{ paddingLeft: one.depth * 16 }}>
                {one.id === id ? (
                  <span aria-current="true">{one.name}</span>
                ) : (
                  <QuickLink kind="companies" id={one.id}>
                    {one.name || t('viewUntitled')}
                  </QuickLink>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {items.map((one) => (
        <TieLine
          key={one.id}
          kind={kind}
          id={one.otherId}
          name={one.otherName}
          isPast={one.isPast}
          said={[
            one.isPast ? t('past') : '',
            one.kind === 'other' ? one.label : t(`kind.${one.kind}`),
            one.livesTogether && !one.isPast ? t('livesTogether') : '',
            periodText(t, one),
          ]}
        >
          {canEdit && (
            <EditRelation
              kind={kind}
              one={one}
              name={name}
              save={(content) => change(one, content)}
              remove={() => remove(one)}
            />
          )}
        </TieLine>
      ))}
      {canEdit && <AddRelation kind={kind} id={id} name={name} relate={relate} />}
    </div>
  )
}

function EditRelation({
  kind,
  one,
  name,
  save,
  remove,
}: {
  kind: RecordKind
  one: Relation
  name: string
  save: (content: Content) => Promise<void>
  remove: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState(contentOf(one))
  return (
    <TieForm
      label={t('editTie', { name: one.otherName })}
      isNew={false}
      begin={() => setTyped(contentOf(one))}
      save={() => save(typed)}
      remove={{ label: t('removeValue', { value: one.otherName }), act: remove }}
    >
      <ContentFields kind={kind} name={name} typed={typed} change={setTyped} isFixed />
    </TieForm>
  )
}

function AddRelation({
  kind,
  id,
  name,
  relate,
}: {
  kind: RecordKind
  id: string
  name: string
  relate: (otherId: string, content: Content) => Promise<void>
}) {
  const t = useWords()
  const nothing: Content = {
    kind: kindsOf[kind][0]!,
    label: '',
    inverseLabel: '',
    since: '',
    until: '',
    livesTogether: kind === 'people',
  }
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [typed, setTyped] = useState(nothing)
  const address = useSameAddress(kind === 'people' && typed.livesTogether, id, chosen, name)
  return (
    <TieForm
      label={t('addRelation')}
      isNew
      isReady={chosen !== null && (typed.kind !== 'other' || typed.label.trim() !== '')}
      begin={() => {
        setChosen(null)
        setTyped(nothing)
      }}
      save={async () => {
        await relate(chosen!.id, typed)
        await address.take()
      }}
    >
      <RecordSelect kind={kind} chosen={chosen} choose={setChosen} without={new Set([id])} />
      <ContentFields kind={kind} name={name} typed={typed} change={setTyped} />
      {address.offer && (
        <Checkbox
          mt="xs"
          size="xs"
          label={t('sameAddressGive', { address: address.offer })}
          checked={address.isTaken}
          onChange={(event) => address.choose(event.currentTarget.checked)}
        />
      )}
    </TieForm>
  )
}

/** Where one of two who live together has an address and the other has none, it is offered. */
function useSameAddress(isAsked: boolean, id: string, chosen: Chosen | null, name: string) {
  const t = useWords()
  const queries = useQueryClient()
  const [isTaken, choose] = useState(true)
  const person = (of: string) => ({
    queryKey: ['people', 'one', of],
    queryFn: () => ask<Person>('GET', `/api/people/${of}`),
    enabled: isAsked && chosen !== null,
  })
  const own = useQuery(person(id)).data
  const other = useQuery(person(chosen?.id ?? id)).data
  const isOffered = isAsked && chosen !== null && own && other && own.id !== other.id
  const [from, to] = own?.addresses.length ? [own, other] : [other, own]
  const address = isOffered && to!.addresses.length === 0 ? from!.addresses[0] : undefined
  return {
    offer: address && addressLine(address),
    isTaken,
    choose,
    take: async () => {
      if (!address || !isTaken) return
      const { rowVersion } = to!
      await ask('PATCH', `/api/people/${to!.id}`, { body: { rowVersion, addresses: [address] } })
      await queries.invalidateQueries({ queryKey: ['people', 'one', to!.id] })
      tell(t('addressTaken', { name: to!.id === id ? name : chosen!.name }))
    },
  }
}

function ContentFields({
  kind,
  name,
  typed,
  change,
  isFixed = false,
}: {
  kind: RecordKind
  name: string
  typed: Content
  change: (next: Content) => void
  isFixed?: boolean
}) {
  const t = useWords()
  // Who stands above whom is turned by making another relation, not by changing this one.
  const isGroup = typed.kind === 'parent-company' || typed.kind === 'subsidiary'
  const kinds = isFixed
    ? kindsOf[kind].filter((one) =>
        isGroup ? one === typed.kind : one !== 'parent-company' && one !== 'subsidiary',
      )
    : kindsOf[kind]
  return (
    <>
      <Select
        mt="xs"
        size="xs"
        label={t('relationKind', { name })}
        allowDeselect={false}
        data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        value={typed.kind}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) =>
          change({
            ...typed,
            kind: next as RelationKind,
            livesTogether: isFixed ? typed.livesTogether : AT_HOME.has(next as RelationKind),
          })
        }
      />
      {typed.kind === 'other' &&
        (['label', 'inverseLabel'] as const).map((field) => (
          <TextInput
            key={field}
            mt="xs"
            size="xs"
            maxLength={80}
            required={field === 'label'}
            label={t(field === 'label' ? 'ownWords' : 'ownWordsInverse')}
            value={typed[field]}
            onChange={(event) => change({ ...typed, [field]: event.currentTarget.value })}
          />
        ))}
      <PeriodFields value={typed} change={(period) => change({ ...typed, ...period })} />
      {kind === 'people' && (
        <Checkbox
          mt="xs"
          size="xs"
          label={t('livesTogether')}
          checked={typed.livesTogether}
          onChange={(event) => change({ ...typed, livesTogether: event.currentTarget.checked })}
        />
      )}
    </>
  )
}
