import { Checkbox, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Affiliation, RecordKind } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { type Chosen, RecordSelect } from './record-select.tsx'
import { PeriodFields, periodText, TieForm } from './tie-form.tsx'
import { TieLine } from './tie-line.tsx'
import '../language/late.ts'

type Content = Pick<
  Affiliation,
  'jobTitle' | 'department' | 'since' | 'until' | 'isMainContact' | 'isSelf'
>
const nothing: Content = {
  jobTitle: '',
  department: '',
  since: '',
  until: '',
  isMainContact: false,
  isSelf: false,
}
const contentOf = ({
  jobTitle,
  department,
  since,
  until,
  isMainContact,
  isSelf,
}: Content): Content => ({ jobTitle, department, since, until, isMainContact, isSelf })

export function useAffiliations(kind: RecordKind, id: string): Affiliation[] {
  const found = useQuery({
    queryKey: ['affiliations', kind, id],
    queryFn: () => ask<{ items: Affiliation[] }>('GET', `/api/${kind}/${id}/affiliations`),
  })
  return found.data?.items ?? []
}

/** Who works where, as what, and who did. The same list seen from either side. */
export function Affiliations({
  kind,
  id,
  canEdit,
}: {
  kind: RecordKind
  id: string
  canEdit: boolean
}) {
  const t = useWords()
  const queries = useQueryClient()
  const other: RecordKind = kind === 'people' ? 'companies' : 'people'
  const all = useAffiliations(kind, id)
  const ties = [...all].sort(
    (a, b) =>
      Number(a.isPast) - Number(b.isPast) || Number(b.isMainContact) - Number(a.isMainContact),
  )
  // An erased one is still tied, and has no name to show.
  const sides = (one: Affiliation) =>
    other === 'companies'
      ? { otherId: one.companyId, name: one.companyName || t('viewUntitled') }
      : { otherId: one.personId, name: one.personName || t('viewUntitled') }
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['affiliations'] })
    void queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
  }
  const tie = async (otherId: string, content: Content) => {
    const [personId, companyId] = kind === 'people' ? [id, otherId] : [otherId, id]
    await ask('POST', `/api/people/${personId}/affiliations`, { body: { companyId, ...content } })
    await refresh()
  }
  const untie = (one: Affiliation) => {
    const { otherId, name } = sides(one)
    ask('DELETE', `/api/affiliations/${one.id}`)
      .then(async () => {
        await refresh()
        tellWithUndo(t, t('untied', { name }), () => tie(otherId, contentOf(one)))
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
  const change = async (one: Affiliation, content: Content) => {
    await ask('PATCH', `/api/affiliations/${one.id}`, {
      body: { rowVersion: one.rowVersion, ...content },
    })
    await refresh()
  }
  return (
    <div className="k-group">
      <h3>{t(other)}</h3>
      {ties.map((one) => {
        const { otherId, name } = sides(one)
        return (
          <TieLine
            key={one.id}
            kind={other}
            id={otherId}
            name={name}
            isPast={one.isPast}
            said={[
              one.isPast ? t('past') : '',
              one.jobTitle,
              one.department,
              one.isMainContact ? t('mainContact') : '',
              one.isSelf ? t('isSelf') : '',
              periodText(t, one),
            ]}
          >
            {canEdit && (
              <EditAffiliation
                one={one}
                name={name}
                save={(content) => change(one, content)}
                untie={() => untie(one)}
              />
            )}
          </TieLine>
        )
      })}
      {canEdit && <AddAffiliation other={other} tie={tie} />}
    </div>
  )
}

function EditAffiliation({
  one,
  name,
  save,
  untie,
}: {
  one: Affiliation
  name: string
  save: (content: Content) => Promise<void>
  untie: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState(contentOf(one))
  return (
    <TieForm
      label={t('editTie', { name })}
      isNew={false}
      begin={() => setTyped(contentOf(one))}
      save={() => save(typed)}
      remove={{ label: t('removeValue', { value: name }), act: untie }}
    >
      <ContentFields typed={typed} change={setTyped} />
    </TieForm>
  )
}

function AddAffiliation({
  other,
  tie,
}: {
  other: RecordKind
  tie: (otherId: string, content: Content) => Promise<void>
}) {
  const t = useWords()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [typed, setTyped] = useState(nothing)
  return (
    <TieForm
      label={t(other === 'companies' ? 'addCompany' : 'addPerson')}
      isNew
      isReady={chosen !== null}
      begin={() => {
        setChosen(null)
        setTyped(nothing)
      }}
      save={() => tie(chosen!.id, typed)}
    >
      <RecordSelect kind={other} chosen={chosen} choose={setChosen} />
      <ContentFields typed={typed} change={setTyped} />
    </TieForm>
  )
}

function ContentFields({ typed, change }: { typed: Content; change: (next: Content) => void }) {
  const t = useWords()
  return (
    <>
      {(['jobTitle', 'department'] as const).map((field) => (
        <TextInput
          key={field}
          mt="xs"
          size="xs"
          label={t(field)}
          maxLength={field === 'jobTitle' ? 200 : 120}
          value={typed[field]}
          onChange={(event) => change({ ...typed, [field]: event.currentTarget.value })}
        />
      ))}
      <PeriodFields value={typed} change={(period) => change({ ...typed, ...period })} />
      {(['isMainContact', 'isSelf'] as const).map((field) => (
        <Checkbox
          key={field}
          mt="xs"
          size="xs"
          label={t(field === 'isSelf' ? 'isSelf' : 'mainContact')}
          checked={typed[field]}
          onChange={(event) => change({ ...typed, [field]: event.currentTarget.checked })}
        />
      ))}
    </>
  )
}
