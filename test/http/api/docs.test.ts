import { z } from 'zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenApi, openApi } from './open-api.ts'
import { readOperations } from './operations.ts'

let api: OpenApi

beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

const get = (path: string) => api.ask(null, 'GET', path)

/** Every schema of a document that is a JSON schema of its own, wherever it stands. */
function* walk(part: unknown, path = '#'): Generator<[path: string, part: Record<string, unknown>]> {
  if (typeof part !== 'object' || part === null) return
  yield [path, part as Record<string, unknown>]
  for (const [key, each] of Object.entries(part)) yield* walk(each, `${path}/${key}`)
}

test('the document is OpenAPI 3.1 in which every reference leads somewhere and every operation has its own name', async () => {
  const { body, headers } = await get('/api/openapi.json')
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(body).toMatchObject({ openapi: '3.1.0', components: { securitySchemes: { token: { scheme: 'bearer' } } } })
  const names: unknown[] = []
  for (const [path, part] of walk(body)) {
    if ('operationId' in part) names.push(part['operationId'])
    if (typeof part['$ref'] !== 'string') continue
    const steps = part['$ref'].slice(2).split('/')
    const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], body)
    expect(target, `${path} → ${part['$ref']}`).toBeDefined()
  }
  expect(names.length).toBeGreaterThan(30)
  expect(new Set(names).size).toBe(names.length)
})

test('every operation says its scope, its parameters, what it takes and what it gives', async () => {
  for (const operation of await readOperations(api)) {
    const name = `${operation.method} ${operation.path}`
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const described = operation.parameters.filter((parameter) => parameter.in === 'path')
    expect(described.map((parameter) => parameter.name).sort(), name).toEqual(inPath.sort())
    expect(operation.scope, name).toMatch(/^(admin|[a-z]+:(read|write))$/)
    if (operation.method !== 'GET') expect(operation.scope, name).not.toMatch(/:read$/)
    for (const status of ['401', '403', '404', '429', 'default'])
      expect(operation.responses, name).toHaveProperty(status)
    for (const { schema } of Object.values(operation.body)) expect(schema, name).toBeTypeOf('object')
  }
})

test('a person of the document is held to what the document says', async () => {
  const { body } = await get('/api/openapi.json')
  const { schemas } = body['components'] as { schemas: Record<string, Record<string, unknown>> }
  expect(schemas['UserFields']).toMatchObject({ type: 'object', additionalProperties: false })
  expect(z.fromJSONSchema(schemas['UserFields'] as never).safeParse({ extension: '1001', tags: null }).success).toBe(
    true,
  )
  expect(z.fromJSONSchema(schemas['UserFields'] as never).safeParse({ extension: 1001 }).success).toBe(false)
})

test('the page loads nothing from elsewhere, runs nothing inline, and its policy lets through what it has', async () => {
  const page = await get('/api/docs')
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const policy = page.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'self'")
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  expect(page.text).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|style=|<style|https?:\/\//)
  const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!)
  expect(links.length).toBe(4)
  for (const link of links) {
    expect(link).toMatch(/^\/api\/docs\//)
    const file = await get(link)
    expect([link, file.status]).toEqual([link, 200])
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    if (link.endsWith('.js')) expect(file.headers.get('content-type')).toMatch(/^text\/javascript/)
    if (link.endsWith('.css')) {
      expect(file.headers.get('content-type')).toMatch(/^text\/css/)
      // What the style sheet asks for is in it: images as data, which the policy allows.
      const wanted = [...file.text.matchAll(/url\(["']?([^"')]{0,30})/g)].map(([, url]) => url!)
      expect(wanted.filter((url) => !url.startsWith('data:image/') && !url.startsWith('#'))).toEqual([])
      expect(policy).toContain("img-src 'self' data:")
    }
  }
  const start = await get('/api/docs/start.js')
  expect(start.text).toContain('validatorUrl: null')
})

test('the bundle calls no eval, which the policy does not grant', async () => {
  const { text } = await get('/api/docs/swagger-ui-bundle.js')
  expect(text).toContain('SwaggerUIBundle')
  expect([...text.matchAll(/[^.\w]eval\(/g)]).toEqual([])
})
