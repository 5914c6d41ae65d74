/** "Firefox · Windows" out of the long sentence that browsers send. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent) return ''
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0]
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(userAgent)?.[0]
  const named = { Edg: 'Edge', OPR: 'Opera' }[browser ?? ''] ?? browser
  return [named, system].filter(Boolean).join(' · ') || userAgent.slice(0, 60)
}
