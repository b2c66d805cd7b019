import { expect, test } from 'vitest'
import { findModel } from '../../src/phones/family.ts'
import { baseLayers, readLayer, resolveSettings } from '../../src/phones/layers.ts'
import { findMisfits } from '../../src/phones/misfits.ts'
import { familyOf, LINE, NEEDED } from './shipped.ts'

const misfitsOf = (name: string, settings: object, product: string | null = null) => {
  const family = familyOf(name)
  const model = findModel(family, product)
  const layer = readLayer({ ...NEEDED, lines: [LINE], ...settings }, { secretsAsText: true })
  const resolved = resolveSettings([...baseLayers(family, model), { layer: 'device', settings: layer }])
  return findMisfits(family, model, resolved.settings).map(({ setting, reason }) => `${setting}: ${reason}`)
}

test('a phone that cannot be told its language or time zone says so, for its user waits for it', () => {
  const said = { language: 'de', timezone: 'Europe/Berlin' }
  expect(misfitsOf('dinstar', said)).toEqual(
    expect.arrayContaining([
      'language: Dinstar DAG has no setting for it',
      'timezone: Dinstar DAG has no setting for it',
    ]),
  )
  expect(misfitsOf('yealink', said)).toEqual([])
})

test('a phone whose password must be changed by hand says so', () => {
  const told = 'adminPassword: 2N has no setting for it: change the password at the phone'
  expect(misfitsOf('2n', {})).toContain(told)
  for (const name of ['yealink', 'zoiper', 'baresip']) expect(misfitsOf(name, {}).join()).not.toContain('adminPassword')
})

test('a softphone has the language and the clock of what it runs on', () => {
  for (const name of ['linphone', 'zoiper', 'baresip', 'microsip', 'acrobits'])
    expect(misfitsOf(name, { language: 'de', timezone: 'Europe/Berlin' }).join()).not.toMatch(/language|timezone/)
})

test('a key that only some products of a family have is missed by name on the others', () => {
  const keys = [{ position: 2, kind: 'dnd', value: null, label: null, line: 1 }]
  expect(misfitsOf('cisco-spa', { keys }, 'SPA504G')).toContain('keys.2: SPA504G has no dnd key')
  expect(misfitsOf('cisco-spa', { keys }, 'CP-8851-3PCC')).toEqual([])
  expect(misfitsOf('cisco-spa', { keys: [{ ...keys[0], kind: 'intercom' }] })).toContain(
    'keys.2: Cisco SPA and MPP has no intercom key',
  )
})
