/** Size by headcount alone, as the Commission's recommendation 2003/361 counts staff; turnover is not asked. */
export const sizes = ['micro', 'small', 'medium', 'large'] as const
export type Size = (typeof sizes)[number]

export function sizeOf(employeeCount: string | number): Size {
  const count = Number(employeeCount)
  if (count < 10) return 'micro'
  if (count < 50) return 'small'
  return count < 250 ? 'medium' : 'large'
}

export const sizeNames: Record<Size, { nl: string; en: string }> = {
  micro: { nl: 'Micro (tot 9)', en: 'Micro (up to 9)' },
  small: { nl: 'Klein (10 tot 49)', en: 'Small (10 to 49)' },
  medium: { nl: 'Middelgroot (50 tot 249)', en: 'Medium (50 to 249)' },
  large: { nl: 'Groot (250 of meer)', en: 'Large (250 or more)' },
}
