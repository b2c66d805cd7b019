import { expect, test } from 'vitest'
import { listModels } from '../../src/boot/list-models.ts'
import { parseMac } from '../../src/model/mac.ts'
import { compareMakers } from '../../src/people/compare-makers.ts'
import { families } from '../phones/shipped.ts'

const models = listModels(families)
const compare = (mac: string, model: string) => compareMakers(models)(parseMac(mac)!, model)

test('an address of another maker than that of the model is told, with both makers', () => {
  expect(compare('00:15:65:00:00:01', 'GRP2614')).toEqual({ address: 'Yealink', model: 'Grandstream' })
  expect(compare('00:0b:82:00:00:01', 't46u')).toEqual({ address: 'Grandstream', model: 'Yealink' })
})

test('families of one maker share their prefixes', () => {
  for (const [mac, model] of [
    ['000b82000001', 'DP750'],
    ['0002fd000001', 'CP-7841'],
    ['9cadef000001', 'VVX_250'],
    ['000fd3000001', 'S500'],
    ['000413000001', 'M900'],
  ] as const) {
    expect(models.get(model.toLowerCase())).toBeDefined()
    expect(compare(mac, model)).toBeNull()
  }
})

test('nothing is said where nobody knows: of prefixes of no maker here, of makers without any, of unknown models', () => {
  expect(compare('020000000001', 'T46U')).toBeNull()
  expect(compare('001565000001', 'Maxwell 3')).toBeNull()
  expect(compare('001565000001', 'Linphone')).toBeNull()
  expect(compare('001565000001', 'T4711')).toBeNull()
})

test('every phone of a golden case has an address of its maker or of nobody here', () => {
  for (const { goldens } of families)
    for (const { mac, model } of goldens)
      if (mac !== null && model !== null) expect([model, mac, compare(mac, model)]).toEqual([model, mac, null])
})
