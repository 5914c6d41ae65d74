import { NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, Moved } from '../api/shapes.ts'
import '../language/late-joint.ts'
import { useWords } from '../language/words.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { Lines } from '../parts/marks.tsx'
import { tellWithUndo } from '../parts/tell.tsx'
import { useJointDossier, useJointDossiersOf, useJointName } from './use-joint.ts'

export type Movable = { what: 'notes' | 'tasks' | 'files'; id: string; rowVersion: number }
type Place = { kind: 'person' | 'joint_dossier'; id: string; name: string }
type Props = {
  moved: Movable
  from: { kind: DossierKind; id: string }
  close: () => void
}

/** From what several share to the dossier of the one it is about, and the other way. */
export default function Move({ from, ...rest }: Props) {
  return from.kind === 'joint-dossiers' ? (
    <OutOfJoint id={from.id} {...rest} />
  ) : (
    <IntoJoint personId={from.id} {...rest} />
  )
}

type Given = Omit<Props, 'from'>

function OutOfJoint({ id, ...rest }: Given & { id: string }) {
  const t = useWords()
  const one = useJointDossier(id).data
  const places = one?.parties
    .filter((party) => party.mayEdit && !party.isInTrash)
    .map((party) => ({
      kind: 'person' as const,
      id: party.personId,
      name: party.name || t('viewUntitled'),
    }))
  return <Choose {...rest} places={places} back={{ kind: 'joint_dossier', id }} />
}

function IntoJoint({ personId, ...rest }: Given & { personId: string }) {
  const nameOf = useJointName()
  const places = useJointDossiersOf(personId)
    .data?.items.filter((one) => !one.endedAt && !one.closed)
    .map((one) => ({ kind: 'joint_dossier' as const, id: one.id, name: nameOf(one) }))
  return <Choose {...rest} places={places} back={{ kind: 'person', id: personId }} />
}

function Choose({
  moved: { what, id, rowVersion },
  places,
  back,
  close,
}: Given & { places: Place[] | undefined; back: Pick<Place, 'kind' | 'id'> }) {
  const t = useWords()
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<string>()
  const to = places?.find((place) => place.id === chosen) ?? places?.[0]
  const refresh = () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) =>
        queryKey[0] === 'tasks' ||
        ['timeline', 'files', 'dossier-trash'].includes(String(queryKey[1])),
    })
  const move = (version: number, { kind, id: placeId }: Pick<Place, 'kind' | 'id'>) =>
    ask<Moved>('POST', `/api/${what}/${id}/move`, {
      body: { rowVersion: version, to: { kind, id: placeId } },
    }).finally(() => void refresh())
  return (
    <FormDialog
      title={t('moveTitle')}
      text={t(back.kind === 'person' ? 'moveIntoText' : 'moveText')}
      action={t('move')}
      isReady={to !== undefined}
      send={async () => {
        const done = await move(rowVersion, to!)
        tellWithUndo(t, t('movedTo', { name: to!.name }), () => move(done.rowVersion, back))
      }}
      close={close}
    >
      {places?.length === 0 && <p className="k-dim">{t('moveNowhere')}</p>}
      {!places && <Lines count={2} />}
      {places && places.length > 0 && (
        <NativeSelect
          data-autofocus
          label={t('moveTo')}
          data={places.map((place) => ({ value: place.id, label: place.name }))}
          value={to?.id ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}
