import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import { recordQuery } from '../api/record-query.ts'
import type { Company, CompanyEdit, Person, PersonEdit, RecordKind } from '../api/shapes.ts'
import { useFieldLabel } from '../fields/custom-fields.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { isUntouched, wayBack } from './undo-edit.ts'

export type OfKind = {
  people: { record: Person; edit: PersonEdit }
  companies: { record: Company; edit: CompanyEdit }
}
export type Conflict<K extends RecordKind> = {
  mine: OfKind[K]['edit']
  base: OfKind[K]['record']
  current: OfKind[K]['record']
  changedFields: string[]
  changedBy: string | null
  changedAt: string | null
  /** Told once somebody has chosen; whether what they chose is kept. */
  done: (isKept: boolean) => void
}

/** Hears of a refusal first; true when it was said where it belongs. */
type Refused = (error: unknown) => boolean

export function useRecord<K extends RecordKind>(kind: K, id: string) {
  return useQuery({
    ...recordQuery(kind, id),
    // What a colleague changes comes by `useColleaguesChanges`, which waits while something is typed here.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

/**
 * Saves one change after another, so that two quick edits do not meet each other. When a colleague was
 * first, nothing is overwritten: `conflict` holds both sides until the person has chosen.
 */
export function useRecordEdit<K extends RecordKind>(kind: K, id: string) {
  const t = useWords()
  const queries = useQueryClient()
  const key = [kind, 'one', id]
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const fieldLabel = useFieldLabel()
  const [conflict, setConflict] = useState<Conflict<K>>()
  type Record = OfKind[K]['record']
  const latest = () => queries.getQueryData<Record>(key)

  const offerUndo = (change: OfKind[K]['edit'], before: Record, after: Record) => {
    const back = wayBack(change, before, after)
    if (!back) return
    const fields = Object.entries(change).flatMap(([field, value]) =>
      field === 'custom'
        ? Object.keys(value as object).map(
            (own) => fieldLabel(`custom.${own}`) ?? t('customFields'),
          )
        : [t.known(`field.${field}`) ?? field],
    )
    tellWithUndo(
      t,
      t('changedFields', { fields: fields.join(', ') }),
      () => {
        const undone = line.current.then(async () => {
          const now = latest()
          // A later change of our own to another field is no reason to refuse; of these fields it is.
          if (!now || !isUntouched(change, after, now)) throw new Refusal('changed-meanwhile', 409)
          const saved = await ask<Record>('PATCH', `/api/${kind}/${id}`, {
            body: { rowVersion: now.rowVersion, ...back },
          })
          queries.setQueryData(key, saved)
          void queries.invalidateQueries({ queryKey: [kind, 'list'] })
          void queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
        })
        line.current = undone.catch(() => queries.invalidateQueries({ queryKey: key }))
        return undone
      },
      id,
    )
  }
  const send = async (
    change: OfKind[K]['edit'],
    rowVersion: number,
    refused: Refused,
  ): Promise<boolean> => {
    const base = latest()
    try {
      const saved = await ask<Record>('PATCH', `/api/${kind}/${id}`, {
        body: { rowVersion, ...change },
      })
      queries.setQueryData(key, saved)
      void queries.invalidateQueries({ queryKey: [kind, 'list'] })
      void queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
      if (base) offerUndo(change, base, saved)
      return true
    } catch (error) {
      // Erased by somebody while it stood open here: it does not stay on the screen.
      if (error instanceof Refusal && error.code === 'record-erased')
        void queries.invalidateQueries({ queryKey: key })
      const current =
        error instanceof Refusal && error.code === 'changed-meanwhile'
          ? (error.detail.current as Record | undefined)
          : undefined
      if (!current || !base) {
        if (!refused(error)) tellRefusal(t, error)
        return false
      }
      const {
        changedFields = [],
        changedBy = null,
        changedAt = null,
      } = (error as Refusal).detail as Partial<Conflict<K>>
      // The box one typed in waits for the choice, or it would send the same again when it is left.
      return new Promise<boolean>((done) => {
        setConflict({ mine: change, base, current, changedFields, changedBy, changedAt, done })
      })
    }
  }
  const edit = (change: OfKind[K]['edit'], refused: Refused = () => false): Promise<boolean> => {
    const sent = line.current.then(() => {
      const record = latest()
      return record ? send(change, record.rowVersion, refused) : false
    })
    line.current = sent.catch(() => undefined)
    return sent
  }
  const settle = async (chosen: OfKind[K]['edit']) => {
    if (!conflict) return
    queries.setQueryData(key, conflict.current)
    setConflict(undefined)
    const { rowVersion } = conflict.current
    const isNothing = Object.keys(chosen).length === 0
    conflict.done(isNothing || (await send(chosen, rowVersion, () => false)))
  }
  return { edit, conflict, settle }
}

/** Throws away with a way back; no question beforehand. */
export function useThrowAway(
  kind: RecordKind,
  record: Person | Company,
  left: () => void,
): () => void {
  const t = useWords()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: [kind] })
  return () => {
    ask('DELETE', `/api/${kind}/${record.id}`)
      .then(async () => {
        left()
        queries.removeQueries({ queryKey: [kind, 'one', record.id] })
        await refresh()
        tellWithUndo(t, t('trashedNamed', { name: record.displayName }), async () => {
          await ask('POST', `/api/${kind}/${record.id}/restore`)
          await refresh()
        })
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
}
