import { type Route, read, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import * as shape from './contract.ts'
import {
  createField,
  editField,
  type FieldParts,
  listFields,
  orderFields,
  showSpreads,
} from './fields.ts'

export function fieldRoutes(parts: FieldParts): Route[] {
  return [
    read(
      'GET /api/fields',
      { needs: 'people:see', reply: shape.Definitions },
      async ({ tx, who }) => {
        const items = await listFields(parts, tx)
        // Who makes fields sees each of them at its own address; here they are somebody of a role like others.
        const seen = new Set(
          shape.RecordKind.options.flatMap((kind) => parts.fields.seenBy(kind, who)),
        )
        return { items: items.filter((one) => seen.has(one)) }
      },
    ),
    read(
      'GET /api/fields/all',
      { needs: 'organisation:manage', reply: shape.Definitions },
      async ({ tx }) => ({ items: await listFields(parts, tx) }),
    ),
    read(
      'GET /api/fields/spread',
      { needs: 'organisation:manage', reply: shape.FieldSpreads },
      ({ tx }) => showSpreads(parts, tx),
    ),
    write(
      'POST /api/fields',
      {
        needs: 'organisation:manage',
        body: shape.NewField,
        reply: shape.FieldDefinition,
        status: 201,
      },
      ({ body, writeAtOnce, ...asking }) => createField(parts, asking, body, writeAtOnce),
    ),
    write(
      'POST /api/fields/order',
      { needs: 'organisation:manage', body: shape.FieldOrder, reply: shape.Ordered },
      async ({ body, writeAtOnce }) => {
        await orderFields(parts, body, writeAtOnce)
        return { done: true as const }
      },
    ),
    write(
      'PATCH /api/fields/:id',
      {
        needs: 'organisation:manage',
        // Who sees what the field holds already.
        operation: ({ body }: { body: shape.FieldChange }) =>
          body.roles ? 'change-rights' : undefined,
        preview: ({
          params,
          body,
          who,
        }: {
          params: { id: string }
          body: shape.FieldChange
          who: Who
        }) => ({
          what: 'field-roles' as const,
          facts: {
            field: parts.fields.find(params.id)?.label[who.language] ?? '',
            roleIds: body.roles ?? [],
          },
        }),
        params: shape.FieldParams,
        body: shape.FieldChange,
        reply: shape.FieldDefinition,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        editField(parts, asking, params.id, body, writeAtOnce),
    ),
  ]
}
