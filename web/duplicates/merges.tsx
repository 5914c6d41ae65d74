import { Button } from '@mantine/core'
import { IconArrowMerge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Merges as MergesReply, RecordKind } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { useUndoMerge } from './undo-merge.ts'

/** What was merged into this customer, above its timeline, with the way back as long as there is one. */
export function Merges({ kind, id }: { kind: RecordKind; id: string }) {
  const merges = useQuery({
    queryKey: [kind, 'merges', id],
    queryFn: () => ask<MergesReply>('GET', `/api/${kind}/${id}/merges`),
  })
  return merges.data?.items.map((merge) => <Merge key={merge.id} kind={kind} merge={merge} />)
}

function Merge({ kind, merge }: { kind: RecordKind; merge: MergesReply['items'][number] }) {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const undo = useUndoMerge(kind)
  const [isBusy, setBusy] = useState(false)
  const { mergedName: name } = merge
  return (
    <article className="k-entry">
      <IconArrowMerge
        size={18}
        stroke={1.5}
        className="k-dim"
        aria-hidden
        style={{ marginTop: 1 }}
      />
      <div>
        <div className="k-entry-head">
          <strong>{merge.by === user.id ? user.name : names.user(merge.by)}</strong>
          <time dateTime={merge.at}>{t.instant(merge.at)}</time>
        </div>
        <p>{name ? t('mergeDone', { name }) : t('mergeDoneUnnamed')}</p>
        {merge.canUndo && (
          <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 10 }}>
            <Button
              size="compact-sm"
              variant="default"
              mt={6}
              loading={isBusy}
              onClick={() => {
                setBusy(true)
                undo({ id: merge.id, name })
                  .catch((error: unknown) => tellRefusal(t, error))
                  .finally(() => setBusy(false))
              }}
            >
              {t('undo')}
            </Button>
            <span className="k-dim k-small">
              {t('mergeUndoUntil', { day: t.day(merge.undoUntil.slice(0, 10)) })}
            </span>
          </div>
        )}
      </div>
    </article>
  )
}
