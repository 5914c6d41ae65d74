import { Refusal } from '../api/client.ts'
import type { FieldDefinition } from '../api/shapes.ts'
import { nameOf } from './custom-fields.ts'
import { type FieldProblem, problems } from './typed.ts'

/** What the server finds wrong with each field of the organisation's own; empty when it is about something else. */
export function problemsOf(error: unknown): Map<string, FieldProblem> {
  const found = new Map<string, FieldProblem>()
  if (!(error instanceof Refusal) || error.code !== 'invalid-fields') return found
  const fields = error.detail.fields
  if (!Array.isArray(fields)) return found
  for (const { field, problem } of fields as { field?: string; problem?: string }[])
    if (field?.startsWith('custom.'))
      found.set(
        field.split('.').slice(0, 2).join('.'),
        problems.find((one) => one === problem) ?? 'unknown',
      )
  return found
}

export function problemOf(error: unknown, field: FieldDefinition): FieldProblem | undefined {
  return problemsOf(error).get(nameOf(field))
}
