import {
  IconArrowMerge,
  IconArrowsExchange,
  IconCheckbox,
  IconFileImport,
  IconPaperclip,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { TimelineEntry } from '../api/shapes.ts'
import { useFieldLabel } from '../fields/custom-fields.ts'
import { useNames } from '../frame/session.ts'
import { JointMark } from '../joint/joint-mark.tsx'
import { type Speak, useWords } from '../language/words.tsx'
import '../language/late.ts'
import { Closed } from '../parts/marks.tsx'
import { useAuthor } from './note-line.tsx'

type Of<K extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: K }>
type JointOf = Of<'task'>['jointDossier']
const icon = { size: 18, stroke: 1.5, className: 'k-dim', 'aria-hidden': true } as const

function Line({
  entry,
  sign,
  said,
  joint = null,
  children,
}: {
  entry: { createdBy: string | null; createdAt: string }
  sign: ReactNode
  said?: string
  joint?: JointOf
  children?: ReactNode
}) {
  const t = useWords()
  const author = useAuthor()
  return (
    <article className="k-entry">
      {sign}
      <div>
        <div className="k-entry-head">
          <strong>{author(entry.createdBy)}</strong>
          {said && <span className="k-said">{said}</span>}
          <time dateTime={entry.createdAt}>{t.instant(entry.createdAt)}</time>
          <JointMark of={joint} />
        </div>
        {children}
      </div>
    </article>
  )
}

export function TaskLine({ task }: { task: Of<'task'> }) {
  const t = useWords()
  const names = useNames()
  return (
    <Line entry={task} sign={<IconCheckbox {...icon} />} joint={task.jointDossier}>
      {task.closed ? <Closed why={task.closed} /> : <p>{task.title}</p>}
      <span className="k-dim k-small">
        {task.doneAt
          ? t('taskDoneBy', { who: names.user(task.doneBy), when: t.instant(task.doneAt) })
          : [names.user(task.assigneeId), task.dueOn && t('dueOnDay', { day: t.day(task.dueOn) })]
              .filter(Boolean)
              .join(' · ')}
      </span>
    </Line>
  )
}

export function FileEntryLine({ file }: { file: Of<'file'> }) {
  return (
    <Line entry={file} sign={<IconPaperclip {...icon} />} joint={file.jointDossier}>
      {file.closed ? <Closed why={file.closed} /> : <p>{file.name}</p>}
    </Line>
  )
}

export function FileRemovedLine({ entry }: { entry: Of<'file-removed'> }) {
  const t = useWords()
  return (
    <Line
      entry={entry}
      sign={<IconTrash {...icon} />}
      said={t('fileRemoved')}
      joint={entry.jointDossier}
    >
      {entry.closed ? <Closed why={entry.closed} /> : <p>{entry.name}</p>}
    </Line>
  )
}

export function MergeLine({ entry }: { entry: Of<'merge'> }) {
  const t = useWords()
  const names = useNames()
  return (
    <Line
      entry={entry}
      sign={<IconArrowMerge {...icon} />}
      said={entry.name ? t('mergedHere', { name: entry.name }) : t('mergedUnnamed')}
    >
      {entry.undoneAt && (
        <span className="k-dim k-small">
          {t('mergeUndoneBy', { who: names.user(entry.undoneBy), when: t.instant(entry.undoneAt) })}
        </span>
      )}
    </Line>
  )
}

export function ChangeLine({ entry }: { entry: Of<'change'> | Of<'created'> }) {
  const t = useWords()
  const names = useNames()
  const fieldLabel = useFieldLabel()
  if (entry.kind === 'created')
    return (
      <Line
        entry={entry}
        sign={entry.isImported ? <IconFileImport {...icon} /> : <IconPlus {...icon} />}
        said={t(entry.isImported ? 'createdByImport' : 'createdHere')}
      />
    )
  return (
    <Line
      entry={entry}
      sign={entry.isImported ? <IconFileImport {...icon} /> : <IconArrowsExchange {...icon} />}
      said={[saidOf(t, names, fieldLabel, entry), entry.isImported && t('fromImport')]
        .filter(Boolean)
        .join(', ')}
    />
  )
}

function saidOf(
  t: Speak,
  names: ReturnType<typeof useNames>,
  fieldLabel: (name: string) => string | undefined,
  entry: Of<'change'>,
): string {
  const tie =
    entry.other &&
    entry.what[0] &&
    t.known(entry.what[0], { name: entry.other.name || t('aRecord') })
  if (tie) return tie
  const moved = (field: string, before: string, after: string) =>
    t('changedTo', { field: t.known(`field.${field}`) ?? field, before, after })
  const fields = entry.what
    .filter((field) => field !== 'trash' && field !== 'restore')
    .map((field) => {
      if (field === 'stage' && entry.stage)
        return moved(field, t(`stage.${entry.stage.before}`), t(`stage.${entry.stage.after}`))
      if (field === 'ownerId' && entry.owner)
        return moved(field, names.user(entry.owner.before), names.user(entry.owner.after))
      if (field === 'teamId' && entry.team)
        return moved(field, names.team(entry.team.before), names.team(entry.team.after))
      return t.known(`field.${field}`) ?? fieldLabel(field) ?? t('field.contact')
    })
  const changed = new Intl.ListFormat(t.language).format([...new Set(fields)])
  return [
    changed && t('changedWhat', { what: changed }),
    entry.what.includes('trash') && t('changeTrash'),
    entry.what.includes('restore') && t('changeRestore'),
  ]
    .filter(Boolean)
    .join('; ')
}
