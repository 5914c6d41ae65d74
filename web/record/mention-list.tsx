import type { Colleague } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Initials } from '../parts/marks.tsx'

const MATCHES_MAX = 6
const ASKED = /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u

/** The piece of a name behind an `@` before the caret, and where that `@` stands. */
export function mentionAsked(
  text: string,
  caret: number,
): { from: number; query: string } | undefined {
  const found = ASKED.exec(text.slice(0, caret))
  return found ? { from: caret - found[1]!.length - 1, query: found[1]! } : undefined
}

const fold = (text: string) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

/** Active colleagues of whom a word begins so. */
export function matchesOf(
  colleagues: readonly Colleague[],
  query: string | undefined,
): Colleague[] {
  if (query === undefined) return []
  const wanted = ` ${fold(query)}`
  return colleagues
    .filter(({ name, status }) => status === 'active' && ` ${fold(name)}`.includes(wanted))
    .slice(0, MATCHES_MAX)
}

export function MentionList({
  id,
  matches,
  active,
  choose,
}: {
  id: string
  matches: Colleague[]
  active: number
  choose: (at: number) => void
}) {
  const t = useWords()
  return (
    <div id={id} role="listbox" aria-label={t('mentionWhom')} className="k-mention-list">
      {matches.map((one, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box above moves through the list by arrow keys
        <div
          key={one.id}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(at)}
        >
          <Initials name={one.name} id={one.id} size={20} />
          {one.name}
        </div>
      ))}
    </div>
  )
}
