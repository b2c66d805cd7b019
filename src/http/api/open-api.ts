import { z } from 'zod'
import { SCOPES } from '../../access/scopes.ts'
import { TENANT_HEADER } from './callers.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

const VERSION = '1.0.0'
const PROBLEM = { $ref: '#/components/responses/Problem' }

/** The OpenAPI 3.1 document of these routes, from the schemas that requests are held to. */
export function describeApi(routes: readonly Route[]): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  for (const route of routes) (paths[`/api/v1${route.path}`] ??= {})[route.method] = describeRoute(route, schemas)
  return {
    openapi: '3.1.0',
    info: { title: 'Offhook', version: VERSION, description: DESCRIPTION },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      responses: {
        Problem: {
          description: 'Why there is no result (RFC 9457)',
          content: { 'application/problem+json': { schema: toSchema(PROBLEM_DOCUMENT, 'output', schemas) } },
        },
      },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: `Scopes: ${SCOPES.join(', ')}` } },
    },
  }
}

const DESCRIPTION = `Every request needs a bearer token: \`offhook token create\`. A token of the whole installation names the tenant
in \`${TENANT_HEADER}\`. POST and PATCH take an \`Idempotency-Key\`; lists are read on with \`next_cursor\`.`

const PROBLEM_DOCUMENT = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; what to branch on'),
    detail: z.string().optional(),
    request_id: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer into the body, or ?name of a parameter'),
          detail: z.string(),
          code: z.string(),
          row: z.int().optional(),
          field: z.string().optional(),
          suggestion: z.string().optional(),
          repair: z.string().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' })

function describeRoute(route: Route, schemas: Json): Json {
  const { answer } = route
  const content = answer.body
    ? { 'application/json': { schema: toSchema(answer.body, 'output', schemas) } }
    : answer.type && { [answer.type]: {} }
  const body = describeBody(route, schemas)
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: [{ token: [route.scope] }],
    'x-offhook-reach': route.reach,
    parameters: [
      ...describeParameters(route.params, 'path'),
      ...describeParameters(route.query, 'query'),
      ...describeHeaders(route),
    ],
    ...(body && { requestBody: body }),
    responses: {
      [answer.status]: { description: route.summary, ...(content && { content }) },
      ...Object.fromEntries(['401', '403', '404', '429', 'default'].map((status) => [status, PROBLEM])),
    },
  }
}

function describeBody(route: Route, schemas: Json): Json | null {
  const content: Json = {}
  if (route.body) content['application/json'] = { schema: toSchema(route.body, 'input', schemas) }
  for (const type of [...(route.file?.types ?? []), ...(route.upload ?? [])]) content[type] = { schema: {} }
  return Object.keys(content).length > 0 ? { required: true, content } : null
}

function describeParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input', {}) as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, each]) => ({
    ...{ name, in: place, schema: each },
    required: place === 'path' || required.includes(name),
  }))
}

function describeHeaders(route: Route): Json[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  })
  return [
    ...(route.reach === 'installation' ? [] : [header(TENANT_HEADER, 'Slug; for tokens of the whole installation')]),
    ...(['post', 'patch'].includes(route.method) && route.answer.type === undefined && !route.upload
      ? [header('Idempotency-Key', 'Done once for 24 hours')]
      : []),
    ...(route.current && route.method !== 'get' ? [header('If-Match', 'ETag of the GET that this rests on')] : []),
  ]
}

/** `get /users/{id}` → `get-users-id` */
function operationId({ method, path }: Route): string {
  return `${method}${path.replaceAll(/[{}]/g, '').replaceAll(/[^a-z0-9]+/gi, '-')}`
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. Named schemas move to the components. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const whole = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  for (const [name, each] of Object.entries((whole['$defs'] ?? {}) as Json)) schemas[name] = pointToComponents(each)
  const own = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== '$schema' && name !== '$defs'))
  return pointToComponents(own) as Json
}

function pointToComponents(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(pointToComponents)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/$defs/', '#/components/schemas/')]
        : [key, pointToComponents(value)],
    ),
  )
}
