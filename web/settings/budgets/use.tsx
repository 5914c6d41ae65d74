import { useQuery } from '@tanstack/react-query'
import type { Budget, BudgetKind, HourOfUse, Used } from '../../api/shapes.ts'
import { useNames, useRoleName } from '../../frame/session.ts'
import { useWords } from '../../language/words.tsx'
import { Initials, Lines } from '../../parts/marks.tsx'
import { Section } from '../settings.tsx'
import { budgetsQuery, ownUseQuery, usesQuery } from './queries.ts'
import '../../style/budgets.css'

export const kinds: BudgetKind[] = ['listed', 'opened', 'revealed', 'exported']

export function OwnUse() {
  const t = useWords()
  const { data } = useQuery(ownUseQuery)
  if (!data) return <Lines />
  return (
    <Section title={t('ownUse')} text={t('ownUseText')}>
      {data.raisedUntil && <p>{t('raisedUntil', { when: t.instant(data.raisedUntil) })}</p>}
      <Uses budgets={data.budgets} used={data.used} hours={data.hours} />
    </Section>
  )
}

export function UseOfAll() {
  const t = useWords()
  const roleName = useRoleName()
  const names = useNames()
  const uses = useQuery(usesQuery)
  const budgets = useQuery(budgetsQuery).data?.items
  if (!uses.data || !budgets) return <Lines />
  return (
    <Section title={t('useOfAll')} text={t('useOfAllText')}>
      {uses.data.items.length === 0 && <p className="k-dim">{t('nobodyUsed')}</p>}
      {uses.data.items.map(({ userId, roleId, used, hours }) => (
        <article key={userId} className="k-use-person">
          <h3>
            <Initials name={names.user(userId)} id={userId} size={24} /> {names.user(userId)}
            <span className="k-dim"> · {roleName(roleId)}</span>
          </h3>
          <Uses
            budgets={budgets.filter((one) => one.roleId === roleId)}
            used={used}
            hours={hours}
            isShort
          />
        </article>
      ))}
    </Section>
  )
}

function Uses({
  budgets,
  used,
  hours,
  isShort,
}: {
  budgets: Budget[]
  used: Used[]
  hours: HourOfUse[]
  isShort?: boolean
}) {
  return (
    <div className="k-uses">
      {kinds.map((kind) => {
        const budget = budgets.find((one) => one.kind === kind)
        const one = used.find((each) => each.kind === kind)
        // Of others what they did, not what they might have done.
        if (!budget || (isShort && !one)) return null
        return (
          <Use
            key={kind}
            budget={budget}
            used={one ?? { kind, inHour: 0, inDay: 0 }}
            hours={hours.filter((each) => each.kind === kind)}
          />
        )
      })}
    </div>
  )
}

function Use({ budget, used, hours }: { budget: Budget; used: Used; hours: HourOfUse[] }) {
  const t = useWords()
  return (
    <div className="k-use">
      <strong>{t(`budget.${budget.kind}`)}</strong>
      <Meter
        name={t('usedLastHour')}
        count={used.inHour}
        soft={budget.hourSoft}
        hard={budget.hourHard}
      />
      <Meter
        name={t('usedLastDay')}
        count={used.inDay}
        soft={budget.daySoft}
        hard={budget.dayHard}
      />
      <HourBars kind={budget.kind} soft={budget.hourSoft} hours={hours} />
    </div>
  )
}

const percent = (part: number, whole: number) =>
  `${Math.min(100, (100 * part) / Math.max(1, whole))}%`

/** How far along to the hard limit; the tick is the soft one. */
function Meter({
  name,
  count,
  soft,
  hard,
}: {
  name: string
  count: number
  soft: number
  hard: number
}) {
  const t = useWords()
  const state = count >= hard ? 'hard' : count > soft ? 'soft' : 'fine'
  return (
    <div className="k-meter-line">
      <span>{name}</span>
      <span className="k-meter" data-state={state} title={t('softAt', { soft: t.number(soft) })}>
        <i style={{ width: percent(count, hard) }} />
        <b style={{ left: percent(soft, hard) }} />
      </span>
      <span className="k-meter-count">
        {t('usedOf', { count: t.number(count), hard: t.number(hard) })}
      </span>
    </div>
  )
}

const HOUR_MS = 3_600_000
const HOURS = 24
const [WIDTH, HEIGHT] = [240, 34]

/** The last day by the hour; the dashed line is the soft limit of an hour, where it is near enough to draw. */
function HourBars({ kind, soft, hours }: { kind: BudgetKind; soft: number; hours: HourOfUse[] }) {
  const t = useWords()
  if (hours.length === 0) return null
  const last = Math.floor(Date.now() / HOUR_MS)
  const counts = Array.from({ length: HOURS }, (_, i) => {
    const at = last - (HOURS - 1 - i)
    return hours.find((one) => Math.floor(Date.parse(one.at) / HOUR_MS) === at)?.counted ?? 0
  })
  const most = Math.max(...counts)
  const whole = soft <= most * 3 ? Math.max(most, soft) : most
  const y = (count: number) => HEIGHT - (count / Math.max(1, whole)) * (HEIGHT - 2)
  const step = WIDTH / HOURS
  return (
    <svg
      className="k-hours"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('useByHour', {
        kind: t(`budget.${kind}`),
        count: t.number(counts.reduce((sum, one) => sum + one, 0)),
        most: t.number(most),
      })}
    >
      {counts.map((count, i) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
          key={i}
          x={i * step + 1}
          width={step - 2}
          y={count ? y(count) : HEIGHT - 1}
          height={count ? HEIGHT - y(count) : 1}
          data-over={count > soft || undefined}
          data-none={count === 0 || undefined}
        />
      ))}
      {soft <= whole && <line x1="0" x2={WIDTH} y1={y(soft)} y2={y(soft)} />}
    </svg>
  )
}
