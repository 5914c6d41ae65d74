import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeRoutes } from './openapi.ts'
import { open, write } from './route.ts'

type Described = {
  paths: Record<string, Record<string, Record<string, unknown>>>
  components: { securitySchemes: { session: object } }
}
const described = describeRoutes(
  [
    open('GET /api/health', { reply: z.object({ ok: z.boolean() }) }, async () => ({ ok: true })),
    write(
      'PATCH /api/people/:id',
      {
        needs: 'people:edit',
        params: z.object({ id: z.uuid() }),
        body: z.object({ stage: z.enum(['lead', 'customer']) }),
        reply: z.object({ id: z.string() }),
      },
      async ({ params }) => ({ id: params.id }),
    ),
  ],
  'kluis',
) as Described

test('an address is described with its parameters, its body, what it needs and how one signs in', () => {
  const patch = described.paths['/api/people/{id}']?.patch
  expect(patch).toMatchObject({
    description: 'Needs people:edit',
    security: [{ session: [] }, { key: [] }],
    parameters: [{ name: 'id', in: 'path', required: true, schema: { format: 'uuid' } }],
    requestBody: {
      content: {
        'application/json': { schema: { properties: { stage: { enum: ['lead', 'customer'] } } } },
      },
    },
    responses: { default: { content: { 'application/problem+json': {} } } },
  })
  expect(described.components.securitySchemes.session).toMatchObject({
    in: 'cookie',
    name: 'kluis',
  })
})

test('an address for everybody asks for no session', () => {
  expect(described.paths['/api/health']?.get).toMatchObject({ security: [] })
})
