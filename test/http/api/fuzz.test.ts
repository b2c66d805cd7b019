import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { countRuns } from '../../support/runs.ts'
import { type OpenApi, openApi } from './open-api.ts'
import { makeOneOfEach, type Operation, readOperations } from './operations.ts'

type Schema = Record<string, unknown>

let api: OpenApi
let token: string
let wide: string
let operations: Operation[]
let addressOf: (operation: Operation) => string
let schemas: Record<string, Schema>

beforeAll(async () => {
  api = await openApi({ checkAnswers: true }, { families: await loadFamilies() })
  token = await api.token(api.desk.acme.id, 'admin')
  wide = await api.token(null, 'admin')
  addressOf = await makeOneOfEach(api)
  operations = await readOperations(api)
  const { body } = await api.ask(null, 'GET', '/api/openapi.json')
  schemas = (body['components'] as { schemas: Record<string, Schema> }).schemas
})
afterAll(() => api.close())

const TEXTS = fc.oneof(
  fc.constantFrom(
    '',
    '-',
    '1001',
    '+49301234567',
    'ada@example.org',
    '00:15:65:ab:cd:09',
    'T46U',
    'yes',
    'Berlin',
    '\0',
  ),
  fc.constantFrom('../x', "'; drop table users; --", '=1+1', '\ud800', '9'.repeat(400), '1e400', '%00', '__proto__'),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 20 }),
)

/** Values that a schema allows, as far as types and members go: patterns and limits are left to be broken. */
function fitting(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const reference = schema['$ref']
  if (typeof reference === 'string') return fitting(schemas[reference.split('/').at(-1)!]!, depth)
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined
  if (choices) return fc.oneof(...choices.map((each) => fitting(each, depth)))
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  switch (schema['type']) {
    case 'object': {
      const members = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
      if (members.length === 0)
        return fc.dictionary(fc.oneof(fc.constantFrom('country', 'extension_range'), TEXTS), TEXTS)
      const parts = Object.fromEntries(members.map(([name, each]) => [name, fitting(each, depth + 1)]))
      return fc.record(parts, { requiredKeys: (schema['required'] as string[] | undefined) ?? [] })
    }
    case 'array':
      return fc.array(fitting((schema['items'] ?? {}) as Schema, depth + 1), { maxLength: 4 })
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: 0, max: 120 }), fc.maxSafeInteger(), fc.double())
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return TEXTS
  }
}

/** The same with one member replaced, added or of another type, or something else altogether. */
function mutated(body: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: body },
    {
      weight: 3,
      arbitrary: fc
        .tuple(body, TEXTS, fc.jsonValue())
        .map(([value, name, other]) =>
          typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, [name]: other } : other,
        ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(body, fc.nat(), fc.jsonValue()).map(([value, at, other]) => {
        if (typeof value !== 'object' || value === null) return other
        const names = Object.keys(value)
        return names.length === 0 ? other : { ...value, [names[at % names.length]!]: other }
      }),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
}

test('no body and no parameter makes the server fail, and every answer is as the document says', async () => {
  const counts = { done: 0, refused: 0 }
  for (const operation of operations) {
    const { method, reach, parameters } = operation
    const json = operation.body['application/json']
    const names = parameters.filter((each) => each.in === 'query')
    const query = fc.record(
      Object.fromEntries(names.map(({ name, schema }) => [name, fc.oneof(fitting(schema as Schema), TEXTS)])),
      { requiredKeys: [] },
    )
    const bearer = reach === 'installation' ? wide : token
    await fc.assert(
      fc.asyncProperty(
        json ? mutated(fitting(json.schema as Schema)) : fc.constant(undefined),
        query,
        async (body, asked) => {
          const search = new URLSearchParams(
            Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
          )
          const text = body === undefined ? undefined : JSON.stringify(body)
          const answer = await api.ask(bearer, method, `${addressOf(operation)}?${search.toString()}`, text)
          const context = JSON.stringify([answer.body, api.warnings.at(-1)], (_, value: unknown) =>
            value instanceof Error ? value.stack : value,
          )
          // There is no Asterisk here, and nothing else may be missing.
          if (answer.body['code'] !== 'ami-unreachable')
            expect(answer.status, `${method} ${operation.path} ${text ?? ''} ${context}`).toBeLessThan(500)
          counts[answer.status < 400 ? 'done' : 'refused']++
          if (answer.status >= 400) expect(answer.headers.get('content-type')).toContain('application/problem+json')
        },
      ),
      { numRuns: countRuns(method === 'GET' || json ? 20 : 3, 300) },
    )
  }
  // Otherwise the requests were not worth refusing.
  expect(counts.done).toBeGreaterThan(100)
  expect(counts.refused).toBeGreaterThan(100)
}, 600_000)
