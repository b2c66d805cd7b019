import { expect, test } from 'vitest'
import { findModel } from '../../src/phones/family.ts'
import { baseLayers, readLayer, resolveSettings } from '../../src/phones/layers.ts'
import { findMisfits } from '../../src/phones/misfits.ts'
import { familyOf, LINE, NEEDED } from './shipped.ts'

const misfitsOf = (name: string, settings: object) => {
  const family = familyOf(name)
  const model = findModel(family, null)
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

test('a softphone has the language and the clock of what it runs on', () => {
  for (const name of ['linphone', 'zoiper', 'baresip', 'microsip', 'acrobits'])
    expect(misfitsOf(name, { language: 'de', timezone: 'Europe/Berlin' }).join()).not.toMatch(/language|timezone/)
})
