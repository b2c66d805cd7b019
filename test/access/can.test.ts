import fc from 'fast-check'
import { expect, test } from 'vitest'
import { can } from '../../src/access/can.ts'
import { isScope, SCOPES } from '../../src/access/scopes.ts'

test('what no scope allows is denied, and so is every other tenant', () => {
  const reader = { tenantId: 1, scopes: ['people:read'] }
  expect(can(reader, 'people:read', 1)).toBe(true)
  expect(can(reader, 'people:write', 1)).toBe(false)
  expect(can(reader, 'phones:read', 1)).toBe(false)
  expect(can(reader, 'people:read', 2)).toBe(false)
  expect(can(reader, 'people:read', null)).toBe(false)
  expect(can({ tenantId: 1, scopes: [] }, 'people:read', 1)).toBe(false)
})

test('who may write may read, of the same thing', () => {
  const writer = { tenantId: null, scopes: ['people:write'] }
  expect(can(writer, 'people:read', 7)).toBe(true)
  expect(can(writer, 'phones:read', 7)).toBe(false)
  expect(can({ tenantId: 7, scopes: ['people:read', 'phones:write'] }, 'people:write', 7)).toBe(false)
})

test('admin is everything, but not beyond its tenant', () => {
  for (const scope of SCOPES) {
    expect(can({ tenantId: 1, scopes: ['admin'] }, scope, 1)).toBe(true)
    expect(can({ tenantId: 1, scopes: ['admin'] }, scope, 2)).toBe(false)
    expect(can({ tenantId: 1, scopes: ['admin'] }, scope, null)).toBe(false)
    expect(can({ tenantId: null, scopes: ['admin'] }, scope, null)).toBe(true)
  }
})

test('more scopes never allow less, and unknown ones allow nothing', () => {
  fc.assert(
    fc.property(
      ...([fc.subarray([...SCOPES]), fc.constantFrom(...SCOPES), fc.constantFrom(...SCOPES), fc.string()] as const),
      (scopes, more, action, junk) => {
        fc.pre(!isScope(junk))
        const before = can({ tenantId: 1, scopes }, action, 1)
        expect(can({ tenantId: 1, scopes: [...scopes, junk] }, action, 1)).toBe(before)
        if (before) expect(can({ tenantId: 1, scopes: [...scopes, more] }, action, 1)).toBe(true)
      },
    ),
  )
})
