import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { FileLine, RetentionRules } from '../api/shapes.ts'
import '../language/late-retention.ts'
import type { Speak } from '../language/words.tsx'

export const useRules = () =>
  useQuery({
    queryKey: ['retention-rules'],
    queryFn: () => ask<RetentionRules>('GET', '/api/retention-rules'),
  }).data?.items ?? []

const today = () => new Date().toISOString().slice(0, 10)

/** Whether a law still has it kept, so that it goes nowhere. */
export function isKept({ retention }: Pick<FileLine, 'retention'>): boolean {
  return retention !== null && (retention.until === null || retention.until > today())
}

/** Until when, as a line says it; nothing of a file that no law has kept. */
export function keptUntil(t: Speak, file: Pick<FileLine, 'retention'>): string | undefined {
  if (!file.retention) return undefined
  const { until } = file.retention
  if (until === null) return t('keptOpen')
  return t(isKept(file) ? 'keptUntil' : 'keptOver', { day: t.day(until) })
}
