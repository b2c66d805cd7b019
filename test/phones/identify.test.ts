import { describe, expect, it } from 'vitest'
import { parseMac } from '../../src/model/mac.ts'
import { choose, findFamilyByMac, identify, readUserAgent } from '../../src/phones/identify.ts'
import { families } from './shipped.ts'
import { buildFamily } from './sample-family.ts'

const ask = (file: string, userAgent = '') => identify(families, { file, userAgent })
const names = (file: string) => ask(file).candidates.map(({ family, file: entry }) => `${family.name}/${entry.name}`)

describe('what phones ask for', () => {
  it.each([
    ['001565abcdef.cfg', 'yealink/device', '001565abcdef'],
    ['001565ABCDEF.CFG', 'yealink/device', '001565abcdef'],
    ['y000000000096.cfg', 'yealink/common', null],
    ['y000000000000.boot', 'yealink/boot', null],
    ['001565abcdef-local.cfg', 'yealink/local', '001565abcdef'],
    ['cfg000b82aabbcc.xml', 'grandstream/device', '000b82aabbcc'],
    ['cfg000b82aabbcc', 'grandstream/binary', '000b82aabbcc'],
    ['cfg.xml', 'grandstream/common', null],
    ['cfggxp2170.xml', 'grandstream/common', null],
    ['linphone.xml', 'linphone/device', null],
    ['accounts', 'baresip/accounts', null],
    ['/config', 'baresip/config', null],
  ])('%s is %s', (file, candidate, mac) => {
    expect(names(file)).toContain(candidate)
    expect(ask(file).mac).toBe(mac)
  })

  it.each([
    '../001565abcdef.cfg',
    'x/001565abcdef.cfg',
    '001565abcdef.cfg\n',
    '001565abcde.cfg',
    'cfg.xml/',
    '',
    'index.html',
  ])('nobody knows %j', (file) => {
    expect(names(file)).toEqual([])
  })

  it('takes no MAC address that cannot be one', () => {
    expect(ask('ffffffffffff.cfg').mac).toBeNull()
    expect(ask('000000000000.cfg').mac).toBeNull()
    expect(names('000000000000.cfg')).toEqual(['poly/master'])
  })
})

describe('User-Agents', () => {
  it.each([
    ['Yealink SIP-T46G 28.83.0.120 00:15:65:4c:3b:b0', 'yealink', 'T46G', '28.83.0.120', '0015654c3bb0'],
    [
      'Grandstream Model HW GXV3350  V1.3A SW 1.0.1.8 DevId c074ad150b88',
      'grandstream',
      'GXV3350',
      '1.0.1.8',
      'c074ad150b88',
    ],
    ['Linphonec/5.1.65', 'linphone', 'Linphonec', '5.1.65', null],
  ])('%s', (text, family, model, firmware, mac) => {
    const claim = readUserAgent(families, text)!
    expect([claim.family.name, claim.model, claim.firmware, claim.mac]).toEqual([family, model, firmware, mac])
  })

  it('of nobody are nobody', () => {
    expect(readUserAgent(families, 'curl/8.0')).toBeNull()
    expect(readUserAgent(families, 'x'.repeat(100_000))).toBeNull()
  })
})

describe('choosing between families that share a name', () => {
  const alpha = buildFamily('alpha', { ouis: ['aa0001'], userAgent: 'Alpha' })
  const beta = buildFamily('beta', { ouis: ['aa000100'], userAgent: 'Beta' })
  const both = [alpha, beta]
  const choice = (file: string, userAgent: string, deviceFamily?: string) =>
    choose(identify(both, { file, userAgent }), deviceFamily)?.family.name

  it('lets the inventory decide alone', () => {
    expect(choice('aa0001ffffff.cfg', 'Alpha X1 1.0', 'beta')).toBe('beta')
    expect(choice('aa0001ffffff.cfg', '', 'gamma')).toBeUndefined()
  })

  it('narrows an unknown device by its User-Agent, then by the longest prefix of its address', () => {
    expect(choice('aa0001ffffff.cfg', 'Beta X1 1.0')).toBe('beta')
    expect(choice('aa0001ffffff.cfg', 'curl')).toBe('alpha')
    expect(choice('aa00010fffff.cfg', '')).toBe('alpha')
    expect(choice('aa000100ffff.cfg', '')).toBe('beta')
  })

  it('does not guess', () => {
    expect(choice('020000000001.cfg', '')).toBeUndefined()
  })
})

it('a prefix hints at the family of an unknown device', () => {
  expect(findFamilyByMac(families, parseMac('00:15:65:00:00:01')!)?.name).toBe('yealink')
  expect(findFamilyByMac(families, parseMac('02:00:00:00:00:01')!)).toBeNull()
})
