import { expect, test } from 'vitest'
import { readFamilies } from '../../../src/boot/load-families.ts'
import { listModelGaps } from '../../../src/phones/lint/model-gaps.ts'
import { completeModels } from '../../../src/phones/models.ts'

const { families } = await readFamilies()

test('a model that nobody described in full is told of, with what it lacks', () => {
  const family = families.find(({ name }) => name === 'yealink')!
  const models = completeModels(
    { T1: { lines: 2, keys: 4, screen: 'mono' }, T2: { like: 'T1', expansion: null }, T3: { like: 'T1', codecs: [] } },
    (code, message) => expect.fail(`${code} ${message}`),
  )
  const sparse = { ...family, models, supports: ['transport'] }
  expect(listModelGaps([sparse])).toEqual([
    { family: 'yealink', missing: 'expansion', models: ['T1', 'T3'] },
    { family: 'yealink', missing: 'codecs', models: ['T1', 'T2'] },
  ])
})

test('models take the codecs and transports of their family where they tell none', () => {
  const told = listModelGaps(families.filter(({ supports }) => supports.includes('codecs')))
  expect(told.filter(({ missing }) => missing === 'codecs')).toEqual([])
})

test('every model of every family has lines, keys and a screen or says that it has none', () => {
  expect(families.length).toBeGreaterThan(20)
  expect(listModelGaps(families).filter(({ missing }) => missing === 'screen')).toEqual([])
})
