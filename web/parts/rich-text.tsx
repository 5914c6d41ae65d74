import { Fragment, type ReactNode, useMemo } from 'react'
import { useNames, useSession } from '../frame/session.ts'
import { type Block, type Inline, type List, readMarkdown } from './markdown.ts'

type NameOf = (userId: string) => { name: string; isOwn: boolean }

/** A note's text with its marks. Elements only, never HTML: React writes what is text as text. */
export function RichText({ text }: { text: string }) {
  const names = useNames()
  const { user } = useSession()
  const blocks = useMemo(() => readMarkdown(text), [text])
  const nameOf: NameOf = (id) => ({ name: names.user(id), isOwn: id === user.id })
  return <div className="k-rich">{each(blocks, (block) => showBlock(block, nameOf))}</div>
}

function each<T>(parts: readonly T[], show: (part: T) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text is read anew as a whole; nothing in it moves
  return parts.map((part, at) => <Fragment key={at}>{show(part)}</Fragment>)
}

function showBlock(block: Block, nameOf: NameOf): ReactNode {
  if (block.kind === 'list') return showList(block, nameOf)
  if (block.kind === 'paragraph')
    return (
      <p>
        {each(block.lines, (line) => (
          <>
            {line !== block.lines[0] && <br />}
            {showInline(line, nameOf)}
          </>
        ))}
      </p>
    )
  // Below the headings of the page itself.
  const Heading = (['h4', 'h5', 'h6'] as const)[block.level - 1]!
  return <Heading>{showInline(block.parts, nameOf)}</Heading>
}

function showList({ isNumbered, start, items }: List, nameOf: NameOf): ReactNode {
  const shown = each(items, (item) => (
    <li>
      {showInline(item.parts, nameOf)}
      {each(item.below, (list) => showList(list, nameOf))}
    </li>
  ))
  return isNumbered ? <ol start={start}>{shown}</ol> : <ul>{shown}</ul>
}

function showInline(parts: readonly Inline[], nameOf: NameOf): ReactNode {
  return each(parts, (part) => {
    switch (part.kind) {
      case 'text':
        return part.text
      case 'bold':
        return <strong>{showInline(part.parts, nameOf)}</strong>
      case 'italic':
        return <em>{showInline(part.parts, nameOf)}</em>
      case 'link':
        return (
          <a href={part.href} title={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {showInline(part.parts, nameOf)}
          </a>
        )
      case 'mention': {
        const { name, isOwn } = nameOf(part.userId)
        return (
          <span className="k-mention" data-own={isOwn || undefined}>
            @{name}
          </span>
        )
      }
    }
  })
}
