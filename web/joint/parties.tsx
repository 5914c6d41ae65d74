import { useState } from 'react'
import type { JointDossier, Party, PartyContent } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { type Chosen, RecordSelect } from '../record/record-select.tsx'
import { PeriodFields, periodText, TieForm } from '../record/tie-form.tsx'
import { TieLine } from '../record/tie-line.tsx'
import { RoleSelect } from './role-select.tsx'
import { useJointActions } from './use-joint.ts'

const nothing: PartyContent = { role: 'owner', since: '', until: '' }
const contentOf = ({ role, since, until }: Party): PartyContent => ({
  role: role ?? 'owner',
  since,
  until,
})

/** Who shares this, as what, from when until when. Whom the reader does not see is counted. */
export function Parties({ one, canEdit }: { one: JointDossier; canEdit: boolean }) {
  const t = useWords()
  const { changeParty, removeParty, addParty } = useJointActions(one.id)
  const remove = (party: Party, name: string) => {
    removeParty(party.id)
      .then(() =>
        tellWithUndo(t, t('partyRemoved', { name }), () =>
          addParty(party.personId, contentOf(party)),
        ),
      )
      .catch((error: unknown) => tellRefusal(t, error))
  }
  const mayChange = canEdit && !one.endedAt
  return (
    <div className="k-group">
      <h3>{t('parties')}</h3>
      {one.parties.map((party) => {
        const name = party.name || t('viewUntitled')
        return (
          <TieLine
            key={party.id}
            kind="people"
            id={party.personId}
            name={name}
            isPast={party.isPast}
            said={[
              party.role ? t(`partyRole.${party.role}`) : '',
              periodText(t, party),
              party.isPast && !one.endedAt ? t('past') : '',
              party.isInTrash ? t('partyInTrash') : '',
            ]}
          >
            {mayChange && party.mayEdit && (
              <EditParty
                party={party}
                name={name}
                save={(content) => changeParty(party.id, party.rowVersion, content)}
                remove={() => remove(party, name)}
              />
            )}
          </TieLine>
        )
      })}
      {one.unseenParties > 0 && (
        <p className="k-dim" style={{ margin: '6px 0 6px 8px' }}>
          {t.count('partyUnseenOne', 'partyUnseenMany', one.unseenParties)}
        </p>
      )}
      {mayChange && <AddParty one={one} add={addParty} />}
    </div>
  )
}

function PartyFields({
  typed,
  change,
}: {
  typed: PartyContent
  change: (next: PartyContent) => void
}) {
  const t = useWords()
  return (
    <>
      <RoleSelect
        label={t('partyRole')}
        value={typed.role}
        change={(role) => change({ ...typed, role })}
      />
      <PeriodFields value={typed} change={(period) => change({ ...typed, ...period })} />
    </>
  )
}

function EditParty({
  party,
  name,
  save,
  remove,
}: {
  party: Party
  name: string
  save: (content: PartyContent) => Promise<unknown>
  remove: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState(contentOf(party))
  return (
    <TieForm
      label={t('partyEdit', { name })}
      isNew={false}
      begin={() => setTyped(contentOf(party))}
      save={() => save(typed)}
      remove={{ label: t('partyRemove', { name }), act: remove }}
    >
      <PartyFields typed={typed} change={setTyped} />
    </TieForm>
  )
}

function AddParty({
  one,
  add,
}: {
  one: JointDossier
  add: (personId: string, content: PartyContent) => Promise<unknown>
}) {
  const t = useWords()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [typed, setTyped] = useState(nothing)
  return (
    <TieForm
      label={t('partyAdd')}
      isNew
      isReady={chosen !== null}
      begin={() => {
        setChosen(null)
        setTyped(nothing)
      }}
      save={() => add(chosen!.id, typed)}
    >
      <RecordSelect
        kind="people"
        chosen={chosen}
        choose={setChosen}
        without={new Set(one.parties.map((party) => party.personId))}
      />
      <PartyFields typed={typed} change={setTyped} />
    </TieForm>
  )
}
