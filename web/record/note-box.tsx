import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, WrittenNote } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { useDraft } from '../parts/drafts.ts'
import { sentBy } from '../parts/sent-by.ts'
import { tell } from '../parts/tell.tsx'
import { DossierLock } from './dossier-lock.tsx'
import { storedText } from './mentions.ts'
import { NationalNumberDialog, useConfirmedText } from './national-number.tsx'
import { NoteEditor } from './note-editor.tsx'

/** Where a new note is written, on top of the timeline. */
export function NoteBox({
  kind,
  id,
  teamId,
}: {
  kind: DossierKind
  id: string
  teamId: string | undefined
}) {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const [text, setText, clear] = useDraft(`note-${id}`, '')
  const [chosen, setChosen] = useState<string[]>([])
  const body = storedText(text, names.colleagues, chosen)
  const note = useConfirmedText(async (isConfirmed) => {
    const written = await ask<WrittenNote>('POST', `/api/${kind}/${id}/notes`, {
      body: { body, isConfirmed },
    })
    clear()
    setChosen([])
    tellUntold(t, written.untold.map(names.user))
    await queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
  })
  const send = () => {
    if (text.trim() !== '' && !note.isBusy) void note.send()
  }
  return (
    <form onSubmit={sentBy(() => send())} style={{ marginBottom: 14 }}>
      <NoteEditor
        label={
          <>
            {t('newNote')} <DossierLock teamId={teamId} />
          </>
        }
        ariaLabel={t('newNote')}
        value={text}
        change={setText}
        mention={(userId) => setChosen([...chosen, userId])}
        send={send}
      >
        {text.trim() && (
          <span className="k-dim k-small k-wide-only">
            <kbd className="k-key">Ctrl</kbd> <kbd className="k-key">Enter</kbd>
          </span>
        )}
        <Button type="submit" size="compact-sm" disabled={text.trim() === ''} loading={note.isBusy}>
          {t('saveNote')}
        </Button>
      </NoteEditor>
      <NationalNumberDialog text={note} typed={body} />
    </form>
  )
}

/** The writer learns whom a mention did not reach; those themselves hear nothing. */
export function tellUntold(t: Speak, names: string[]): void {
  if (names.length === 0) return
  tell(
    t(names.length === 1 ? 'mentionUntold' : 'mentionUntoldMany', {
      names: new Intl.ListFormat(t.language).format(names),
    }),
  )
}
