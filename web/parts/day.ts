/** Days as people type and read them; kept as `2026-11-25`. */

const MONTHS = [
  ['jan'],
  ['feb'],
  ['maa', 'mrt', 'mar'],
  ['apr'],
  ['mei', 'may'],
  ['jun'],
  ['jul'],
  ['aug'],
  ['sep'],
  ['okt', 'oct'],
  ['nov'],
  ['dec'],
]
const YEAR_MIN = 1850
const YEAR_MAX = 2200
// Two digits of a year lie at most this far ahead; further is a hundred years ago.
const AHEAD_YEARS = 20

/**
 * The day that was typed, day before month: 3/9/1978, 3-9-78, 03091978, 3 sept 1978, 1978-09-03. Without a year the
 * one of today. Undefined when it is no day.
 */
export function readDay(typed: string, today: Date, isPast = false): string | undefined {
  const text = typed.trim().toLowerCase()
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)
  if (iso) return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const together = /^(\d{2})(\d{2})(\d{4})$/.exec(text)
  const parts = (together ? together.slice(1) : text.split(/[-/.\s]+/)).filter(Boolean)
  const [day, month, year, more] = parts
  if (!day || !month || more || !/^\d{1,2}$/.test(day)) return undefined
  return realDay(readYear(year, today, isPast), readMonth(month), Number(day))
}

function readMonth(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  if (text.length < 3) return 0
  return MONTHS.findIndex((names) => names.includes(text.slice(0, 3))) + 1
}

function readYear(text: string | undefined, today: Date, isPast: boolean): number {
  const now = today.getFullYear()
  if (text === undefined) return isPast ? 0 : now
  if (/^\d{4}$/.test(text)) return Number(text)
  if (!/^\d{2}$/.test(text)) return 0
  const year = Math.floor(now / 100) * 100 + Number(text)
  return year > now + (isPast ? 0 : AHEAD_YEARS) ? year - 100 : year
}

function realDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal =
    year >= YEAR_MIN &&
    year <= YEAR_MAX &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day
  return isReal ? date.toISOString().slice(0, 10) : undefined
}

/** 1978-09-03 → 03/09/1978, as both languages of the screens write it. Anything else stays as it is. */
export function writeDay(day: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  return found ? `${found[3]}/${found[2]}/${found[1]}` : day
}

/** 9, 930, 9:30, 9u30, 14.05 → 09:00, 09:30, 09:30, 09:30, 14:05. Undefined when it is no time of day. */
export function readTime(typed: string): string | undefined {
  const found = /^(\d{1,2})(?:\s*[:.uh]\s*(\d{2})?|(\d{2}))?$/i.exec(typed.trim())
  if (!found) return undefined
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? found[3] ?? 0)]
  return hour < 24 && minute < 60
    ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
    : undefined
}
