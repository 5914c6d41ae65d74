import { Button, Group, Modal, Select, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Company, HandedOver, Person, RecordKind } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell } from '../parts/tell.tsx'
import { NationalNumberDialog, useConfirmedText } from './national-number.tsx'

/** Gives a record to a colleague with a note for them, and says beforehand when one will not see it any more. */
export function HandOver({
  kind,
  record,
  close,
  left,
}: {
  kind: RecordKind
  record: Person | Company
  close: () => void
  /** The record went out of the giver's sight. */
  left: () => void
}) {
  const t = useWords()
  const names = useNames()
  const { user, reaches, reachedTeamIds } = useSession()
  const reach = reaches[`${kind}:see`]
  const queries = useQueryClient()
  const [ownerId, setOwnerId] = useState<string | null>(null)
  const [teamId, setTeamId] = useState<string | null>(record.teamId)
  const [note, setNote] = useState('')
  const chooseOwner = (id: string | null) => {
    setOwnerId(id)
    const teamIds = names.colleagues.find((one) => one.id === id)?.teamIds ?? []
    // The team follows the new owner, who should see it together with their own colleagues.
    if (id && !teamIds.includes(teamId ?? '')) setTeamId(teamIds[0] ?? record.teamId)
  }
  const give = useConfirmedText(async (isConfirmed) => {
    const { isInSight } = await ask<HandedOver>('POST', `/api/${kind}/${record.id}/hand-over`, {
      body: {
        rowVersion: record.rowVersion,
        ownerId,
        teamId,
        ...(note.trim() ? { note: note.trim() } : {}),
        isConfirmed,
      },
    })
    tell(t('handedOver', { name: record.displayName, who: names.user(ownerId) }))
    close()
    if (!isInSight) {
      left()
      queries.removeQueries({ queryKey: [kind, 'one', record.id] })
    }
    await queries.invalidateQueries({ queryKey: [kind] })
  })
  const isLost =
    ownerId !== null &&
    ownerId !== user.id &&
    (reach === 'own' || (reach === 'team' && !reachedTeamIds.includes(teamId ?? '')))
  return (
    <Modal
      opened
      onClose={close}
      title={t('handOverTitle', { name: record.displayName })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={sentBy(() => void give.send())}>
        <Select
          data-autofocus
          searchable
          label={t('handOverTo')}
          data={names.colleagues
            .filter((one) => one.status === 'active' && one.id !== record.ownerId)
            .map((one) => ({ value: one.id, label: one.name }))}
          value={ownerId}
          onChange={chooseOwner}
        />
        <Select
          mt="sm"
          label={t('team')}
          allowDeselect={false}
          data={names.teams.map((one) => ({ value: one.id, label: one.name }))}
          value={teamId}
          onChange={setTeamId}
        />
        <Textarea
          mt="sm"
          label={t('handOverNote')}
          description={t('handOverNoteHint')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={20_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {isLost && (
          <p className="k-file-warning" role="status">
            {t('handOverLost')}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={give.isBusy} disabled={!ownerId || !teamId}>
            {t('handOver')}
          </Button>
        </Group>
      </form>
      <NationalNumberDialog text={give} typed={note.trim()} />
    </Modal>
  )
}
