import type { Preview } from './contract.ts'
import type { Draft } from './draft.ts'

/** One row as it would be kept, in words a screen can put labels to. */
export function showRow(draft: Draft): Preview['firstRows'][number] {
  const of = draft.person ?? draft.company
  const values: Record<string, string> = {}
  const show = (name: string, value: unknown) => {
    const text = Array.isArray(value) ? value.map(asText).join(' · ') : asText(value)
    if (text) values[name] = text
  }
  const { custom: _, ...own } = { custom: {}, ...(of?.contact ?? draft.attach) }
  for (const [name, value] of Object.entries({ ...own, ...draft.typed })) show(name, value)
  show('ibans', of?.ibans ?? [])
  show('note', draft.note)
  show('task', draft.task?.title)
  return {
    line: draft.line,
    kind: draft.person ? 'person' : draft.company ? 'company' : 'none',
    values,
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (!value || typeof value !== 'object') return ''
  if ('value' in value) return String(value.value)
  return Object.values(value).filter(Boolean).join(', ')
}
