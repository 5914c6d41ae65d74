import { ActionIcon, Textarea } from '@mantine/core'
import {
  IconAt,
  IconBold,
  IconHeading,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
} from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useNames } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import { MentionList, matchesOf, mentionAsked } from './mention-list.tsx'

type Tool = { word: Word; Icon: typeof IconBold; key?: string } & (
  | { around: [string, string] }
  | { before: string }
)
const tools: Tool[] = [
  { word: 'markBold', Icon: IconBold, around: ['**', '**'], key: 'b' },
  { word: 'markItalic', Icon: IconItalic, around: ['*', '*'], key: 'i' },
  { word: 'markHeading', Icon: IconHeading, before: '## ' },
  { word: 'markList', Icon: IconList, before: '- ' },
  { word: 'markNumbers', Icon: IconListNumbers, before: '1. ' },
  { word: 'markLink', Icon: IconLink, around: ['[', '](https://)'] },
  { word: 'markMention', Icon: IconAt, around: ['@', ''] },
]

/** The box a note is typed in: marks by button or key, colleagues by `@`. */
export function NoteEditor({
  label,
  ariaLabel,
  value,
  change,
  mention,
  send,
  cancel,
  isFocused,
  children,
}: {
  label?: ReactNode
  ariaLabel: string
  value: string
  change: (text: string) => void
  /** Who was chosen from the list, for two of one name. */
  mention: (userId: string) => void
  send: () => void
  cancel?: () => void
  isFocused?: boolean
  /** Stands behind the marks: the buttons. */
  children: ReactNode
}) {
  const t = useWords()
  const names = useNames()
  const box = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(0)
  const [isClosed, setClosed] = useState(false)
  const [active, setActive] = useState(0)
  const listId = useId()
  const asked = isClosed ? undefined : mentionAsked(value, caret)
  const matches = matchesOf(names.colleagues, asked?.query)
  const isListShown = matches.length > 0

  const put = (text: string, from: number, to = from) => {
    // At once: the next key may be struck before the next frame is drawn.
    flushSync(() => change(text))
    box.current?.focus()
    box.current?.setSelectionRange(from, to)
    setCaret(to)
  }
  const use = (tool: Tool) => {
    const { selectionStart: from, selectionEnd: to } = box.current!
    if ('around' in tool) {
      const [open, close] = tool.around
      const lead = tool.word === 'markMention' && /\S$/.test(value.slice(0, from)) ? ' ' : ''
      const text = `${value.slice(0, from)}${lead}${open}${value.slice(from, to)}${close}${value.slice(to)}`
      setClosed(false)
      put(text, from + lead.length + open.length, to + lead.length + open.length)
      return
    }
    const start = value.lastIndexOf('\n', from - 1) + 1
    const lines = value.slice(start, to).split('\n')
    const marked = lines.map((line) => tool.before + line).join('\n')
    const added = marked.length - (to - start)
    put(value.slice(0, start) + marked + value.slice(to), from + tool.before.length, to + added)
  }
  const choose = (at: number) => {
    const one = matches[at]
    if (!one || !asked) return
    mention(one.id)
    const text = `${value.slice(0, asked.from)}@${one.name} ${value.slice(caret)}`
    put(text, asked.from + one.name.length + 2)
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && isCommand) return send()
    const tool = isCommand && tools.find(({ key }) => key === event.key.toLowerCase())
    if (tool) {
      event.preventDefault()
      return use(tool)
    }
    if (isListShown && !isCommand) {
      const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: matches.length - 1 }
      if (event.key in steps) setActive((active + steps[event.key]!) % matches.length)
      else if (event.key === 'Enter' || event.key === 'Tab') choose(active)
      else if (event.key === 'Escape') setClosed(true)
      else return
      event.preventDefault()
      event.stopPropagation()
      return
    }
    if (event.key === 'Escape' && cancel) {
      event.stopPropagation()
      cancel()
    }
  }
  return (
    <div className="k-note-editor">
      <Textarea
        ref={box}
        label={label}
        aria-label={ariaLabel}
        placeholder={t('notePlaceholder')}
        autoFocus={isFocused ?? false}
        autosize
        minRows={2}
        maxRows={14}
        maxLength={20_000}
        value={value}
        aria-autocomplete="list"
        {...(isListShown
          ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${active}` }
          : {})}
        onChange={(event) => {
          change(event.currentTarget.value)
          setCaret(event.currentTarget.selectionStart)
          setActive(0)
          setClosed(false)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setClosed(true)}
        onKeyDown={onKey}
      />
      {isListShown && <MentionList id={listId} matches={matches} active={active} choose={choose} />}
      <div className="k-note-tools">
        <div role="toolbar" aria-label={t('marks')} className="k-note-marks">
          {tools.map((tool) => (
            <ActionIcon
              key={tool.word}
              size="md"
              aria-label={t(tool.word)}
              title={t(tool.word)}
              // The box keeps its selection.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => use(tool)}
            >
              <tool.Icon size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          ))}
        </div>
        <span style={{ flex: 1 }} />
        {children}
      </div>
    </div>
  )
}
