/** How a cell of a workbook is shown, as far as it changes what the number in it means. */
export type CellFormat =
  | { kind: 'plain' }
  | { kind: 'date' }
  /** Zeros in front that the number lost and the screen showed: 00000, or 0000 00 00 00. */
  | { kind: 'mask'; mask: string }

const plain: CellFormat = { kind: 'plain' }

// The numbers of formats that every workbook has without declaring them (ECMA-376 part 1, 18.8.30), dates among them.
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53,
  54, 55, 56, 57, 58,
])

export function readFormat(id: number, declared: ReadonlyMap<number, string>): CellFormat {
  if (BUILT_IN_DATES.has(id)) return { kind: 'date' }
  const code = declared.get(id)
  if (!code) return plain
  // Only the first part counts: the others are for negative numbers, nothing, and text.
  const bare = code
    .split(';')[0]!
    .replace(/\[[^[\]]*\]|_./g, '')
    .replace(/"([^"]*)"/g, (_, text: string) => [...text].map((sign) => `\\${sign}`).join(''))
  if (/[dmyhs]/i.test(bare.replace(/\\./g, ''))) return { kind: 'date' }
  const unescaped = bare.replace(/\\(.)/g, '$1')
  const zeros = unescaped.match(/0/g)?.length ?? 0
  return zeros >= 2 && /^[+()/ 0#.-]+$/.test(unescaped) && !/0\.0*$|#,/.test(unescaped)
    ? { kind: 'mask', mask: unescaped }
    : plain
}

/** The text a person saw in the cell. Days as 2026-11-25, so that they are read the same whatever the language. */
export function showNumber(text: string, format: CellFormat, countsFrom1904: boolean): string {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return text
  if (format.kind === 'date') return showDay(value, countsFrom1904) ?? text
  if (format.kind === 'mask' && Number.isInteger(value) && value >= 0)
    return fill(format.mask, String(value))
  return String(value)
}

const DAY_MS = 24 * 3600_000
// The last day that office programs know is in the year 9999.
const SERIAL_MAX = 2_958_466

function showDay(serial: number, countsFrom1904: boolean): string | undefined {
  if (serial < 0 || serial >= SERIAL_MAX) return undefined
  // The first spreadsheets took 1900 for a leap year, and all since count with that day.
  const days = countsFrom1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
  const instant = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400) * 1000)
  const isDay = instant.getTime() % DAY_MS === 0
  const written = instant.toISOString()
  return isDay ? written.slice(0, 10) : written.slice(0, 19).replace('T', ' ')
}

/** Digits into the mask from the right; what is left over goes before. */
function fill(mask: string, digits: string): string {
  let at = digits.length
  const places = [...mask].map((sign) => sign === '0' || sign === '#')
  const first = places.indexOf(true)
  let shown = ''
  for (let i = mask.length - 1; i >= 0; i--) {
    const sign = mask[i]!
    if (!places[i]) shown = sign + shown
    else if (at > 0) shown = digits[--at] + shown
    else if (sign === '0') shown = `0${shown}`
    if (i === first && at > 0) {
      shown = digits.slice(0, at) + shown
      at = 0
    }
  }
  return shown.trim()
}
