import { Alert, Button } from '@mantine/core'
import { useState } from 'react'
import { ask, Refusal } from '../api/client.ts'
import type { Note, WrittenNote } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { RichText } from '../parts/rich-text.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { mentionedIn, storedText, typedText } from './mentions.ts'
import { NationalNumberDialog, useConfirmedText } from './national-number.tsx'
import { tellUntold } from './note-box.tsx'
import { NoteEditor } from './note-editor.tsx'
import type { NoteLike } from './note-line.tsx'

/** Changes the text of a note. When a colleague was first, shows theirs and waits; nothing is overwritten unseen. */
export function NoteEdit({
  note,
  refresh,
  close,
}: {
  note: NoteLike
  refresh: () => Promise<unknown>
  close: () => void
}) {
  const t = useWords()
  const names = useNames()
  const [base, setBase] = useState({ body: note.text ?? '', rowVersion: note.rowVersion })
  const [theirs, setTheirs] = useState<Note>()
  const [typed, setTyped] = useState(() => typedText(note.text ?? '', names.colleagues))
  const [chosen, setChosen] = useState(() => mentionedIn(note.text ?? ''))
  const body = storedText(typed, names.colleagues, chosen)

  const save = async (from: typeof base, isConfirmed: boolean): Promise<void> => {
    try {
      const saved = await ask<WrittenNote>('PATCH', `/api/notes/${note.id}`, {
        body: { rowVersion: from.rowVersion, body, isConfirmed },
      })
      tellUntold(t, saved.untold.map(names.user))
      await refresh()
      close()
    } catch (error) {
      const current =
        error instanceof Refusal && error.code === 'changed-meanwhile'
          ? (error.detail.current as Note | undefined)
          : undefined
      if (!current) throw error
      // A pin raises the version and leaves the text.
      if (current.body === from.body)
        return save({ body: current.body, rowVersion: current.rowVersion }, isConfirmed)
      setBase({ body: current.body, rowVersion: current.rowVersion })
      setTheirs(current)
    }
  }
  const edited = useConfirmedText((isConfirmed) => save(base, isConfirmed))
  const send = () => {
    if (typed.trim() !== '' && !edited.isBusy) void edited.send()
  }
  return (
    <form onSubmit={sentBy(() => send())}>
      {theirs && (
        <Alert color="yellow" my={8} role="alert">
          <p style={{ margin: 0 }}>
            {t('noteChangedMeanwhile', {
              who: names.user(theirs.editedBy),
              when: theirs.editedAt ? t.ago(theirs.editedAt) : '',
            })}
          </p>
          <blockquote className="k-quote">
            <RichText text={theirs.body} />
          </blockquote>
          <p style={{ margin: 0 }}>{t('noteChangedChoice')}</p>
        </Alert>
      )}
      <NoteEditor
        ariaLabel={t('note')}
        value={typed}
        change={setTyped}
        mention={(userId) => setChosen([...chosen, userId])}
        send={send}
        cancel={close}
        isFocused
      >
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            close()
            if (theirs) void refresh()
          }}
        >
          {t(theirs ? 'noteTakeTheirs' : 'cancel')}
        </Button>
        <Button
          type="submit"
          size="compact-sm"
          loading={edited.isBusy}
          disabled={typed.trim() === ''}
        >
          {t('save')}
        </Button>
      </NoteEditor>
      <NationalNumberDialog text={edited} typed={body} />
    </form>
  )
}
