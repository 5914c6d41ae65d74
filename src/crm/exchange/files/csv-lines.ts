/** Comma separated text that a spreadsheet reads as text: no cell is ever a formula. */
export type CsvShape = { separator: string }

// Excel here expects semicolons and reads UTF-8 only after this mark.
export const BYTE_ORDER_MARK = '\ufeff'

const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** An apostrophe before what a spreadsheet would run or reckon with; our own import takes it off again. */
export function safeCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value
}

export function csvLine(cells: string[], { separator }: CsvShape): string {
  const quoted = cells.map((cell) => {
    const safe = safeCell(cell)
    return /["\r\n;,\t|]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  })
  return `${quoted.join(separator)}\r\n`
}

export function csvShape(language: 'nl' | 'en'): CsvShape {
  return { separator: language === 'nl' ? ';' : ',' }
}
