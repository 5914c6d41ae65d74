import { z } from 'zod'
import { KEY_PREFIX } from './api-key.ts'
import type { Route } from './route.ts'

/** The addresses as OpenAPI 3.1, from the same shapes that check them. */
export function describeRoutes(routes: Route[], cookieName: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = {
      description: route.needs === 'nobody' ? 'Without a session' : `Needs ${route.needs}`,
      security: doorsOf(route),
      parameters: [
        ...parameters(route.params, 'path'),
        ...parameters(route.query, 'query'),
        ...(route.operation ? [grantParameter] : []),
      ],
      ...bodyOf(route),
      responses: {
        [route.status ?? 200]: {
          description: 'Done',
          content: {
            [route.replyType ?? 'application/json']: { schema: schemaOf(route.reply, 'output') },
          },
        },
        default: {
          description: 'Refused',
          content: {
            'application/problem+json': {
              schema: { type: 'object', required: ['type', 'title', 'status', 'code'] },
            },
          },
        },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Kluis', version: '1' },
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieName,
          description: 'From POST /api/sign-in and then POST /api/sign-in/totp',
        },
        key: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: `${KEY_PREFIX}…`,
          description:
            'The key of a program, from Settings, Programs or `npx kluis api-key create`',
        },
      },
    },
  }
}

/** What only people decide no key opens: serve.ts and functions/sessions.sql refuse it. */
function doorsOf({ kind, needs }: Route): object[] {
  if (needs === 'nobody') return []
  const isForPeople =
    (kind === 'write' && needs === 'signed-in') || /:(manage|decide|review)$/.test(needs)
  return isForPeople ? [{ session: [] }] : [{ session: [] }, { key: [] }]
}

const grantParameter = {
  name: 'kluis-grant',
  in: 'header',
  required: false,
  description:
    'For this request alone, from POST /api/step-up, where it is refused with step-up-needed',
  schema: { type: 'string' },
}

function bodyOf({ body, fileTypes }: Route): object {
  const content = body
    ? { 'application/json': { schema: schemaOf(body, 'input') } }
    : fileTypes && Object.fromEntries(fileTypes.map((type) => [type, {}]))
  return content ? { requestBody: { required: true, content } } : {}
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(shape, { io, unrepresentable: 'any' })
}

function parameters(shape: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!(shape instanceof z.ZodObject)) return []
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: schemaOf(schema as z.ZodType, 'input'),
  }))
}
