import { Skeleton, Tooltip } from '@mantine/core'
import { IconLock, IconLockOff, IconShieldLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ClosedWhy, Stage } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'

export function StageMark({ stage }: { stage: Stage }) {
  const t = useWords()
  return (
    <span className="k-stage" data-stage={stage}>
      {t(`stage.${stage}`)}
    </span>
  )
}

const tints: [string, string][] = [
  ['#dcebec', '#154e53'],
  ['#e4e3f4', '#3f3a78'],
  ['#f6e6d3', '#6b4313'],
  ['#e1efdd', '#2f5a24'],
  ['#f6dfe4', '#7a2840'],
  ['#dde8f6', '#23497c'],
]

/** A circle for a person, a square for a company; the tint follows the id and says nothing else. */
export function Initials({
  name,
  id,
  size = 26,
  isCompany = false,
}: {
  name: string
  id: string
  size?: number
  isCompany?: boolean
}) {
  const [tint, text] = tints[Number.parseInt(id.slice(-2), 16) % tints.length] ?? tints[0]!
  const words = name.split(/\s+/).filter((word) => /^\p{Lu}|^\p{N}/u.test(word))
  const letters =
    (words[0]?.[0] ?? name[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')
  return (
    <span
      className="k-initials"
      aria-hidden
      {...(isCompany ? { 'data-square': true } : {})}
      style={
        {
          width: size,
          height: size,
          fontSize: Math.round(size * 0.4),
          '--k-tint': tint,
          '--k-tint-text': text,
        } as React.CSSProperties
      }
    >
      {letters.toUpperCase()}
    </span>
  )
}

/** Who sees a sealed field of a record of this team, in words. */
function useSealedFor(teamId: string | undefined): string {
  const t = useWords()
  const names = useNames()
  const { organisation, reaches } = useSession()
  const team = names.team(teamId)
  if (reaches['people:see'] === 'own') return t('sealedOwner')
  if (reaches['people:see'] === 'organisation')
    return t('sealedEveryone', { organisation: organisation.name || 'Kluis' })
  return t('sealedTeam', { team: team ? t('teamNamed', { name: team }) : t('theTeam') })
}

/** Who may see what a field holds: the promise of the house, beside each sealed value. */
export function Lock({
  teamId,
  kind = 'contact',
  says: given,
}: {
  teamId?: string
  kind?: 'contact' | 'confidential'
  /** Where only some roles see it. */
  says?: string
}) {
  const t = useWords()
  const sealedFor = useSealedFor(teamId)
  const says = given ?? (kind === 'confidential' ? t('sealedConfidential') : sealedFor)
  return (
    <Tooltip label={says} events={{ hover: true, focus: true, touch: true }}>
      <span className="k-lock" data-kind={kind} role="img" aria-label={says}>
        {kind === 'confidential' ? (
          <IconShieldLock size={13} stroke={1.8} />
        ) : (
          <IconLock size={12} stroke={1.8} />
        )}
      </span>
    </Tooltip>
  )
}

/** The same in a line of its own, for whoever has no pointer to rest on a lock. */
export function SealedLine({ teamId }: { teamId: string }) {
  return (
    <p className="k-sealed-line">
      <IconLock size={12} stroke={1.8} aria-hidden />
      <span>{useSealedFor(teamId)}</span>
    </p>
  )
}

/** A value the vault could not open, and why. */
export function Closed({ why }: { why: ClosedWhy }) {
  const t = useWords()
  return (
    <span className="k-dim">
      <IconLockOff size={14} stroke={1.8} style={{ verticalAlign: -2 }} aria-hidden />{' '}
      {t(`closed.${why}`)}
    </span>
  )
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
}) {
  return (
    <div className="k-empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  )
}

export function Lines({ count = 4 }: { count?: number }) {
  const t = useWords()
  return (
    <div role="status" aria-label={t('loading')}>
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={at} height={14} mt={14} width={`${90 - ((at * 17) % 45)}%`} radius="sm" />
      ))}
    </div>
  )
}
