import { describe, expect, it } from 'vitest'
import { findModel } from '../../../src/phones/family.ts'
import { findMisfits } from '../../../src/phones/misfits.ts'
import { baseLayers, readLayer, resolveSettings } from '../../../src/phones/layers.ts'
import { familyOf, LINE, NEEDED, renderFor } from '../shipped.ts'
import { readYealink } from './yealink.ts'

const family = 'yealink'
const blf = (position: number) => ({ position, kind: 'blf', value: '1002', label: 'Bob', line: 1 })
const read = (model: string, settings: object) => readYealink(renderFor(family, { model, settings }))

describe('a Yealink with modules beside it', () => {
  it('counts on from its own keys, module after module', () => {
    const all = read('T54W', { lines: [LINE], keys: [blf(28), blf(27 + 60 + 2)], pickupCode: '*8' })
    expect(Object.fromEntries(all)).toMatchObject({
      'expansion_module.1.key.1.type': '16',
      'expansion_module.1.key.1.value': '1002',
      'expansion_module.1.key.1.label': 'Bob',
      'expansion_module.1.key.1.extension': '*8',
      'expansion_module.1.key.2.type': '0',
      'expansion_module.2.key.2.type': '16',
      'expansion_module.3.key.60.type': '0',
    })
  })

  it('has no key beyond the last module, and says so', () => {
    const model = findModel(familyOf(family), 'T54W')
    const layer = readLayer({ ...NEEDED, lines: [LINE], keys: [blf(207), blf(208)] }, { secretsAsText: true })
    const { settings } = resolveSettings([...baseLayers(familyOf(family), model), { layer: 'device', settings: layer }])
    expect(findMisfits(familyOf(family), model, settings)).toEqual([
      { setting: 'keys.208', reason: 'T54W has 27 keys and takes 3 modules of 60' },
    ])
  })

  it('is told of none where the product takes none', () => {
    expect([...read('T31G', { lines: [LINE] }).keys()].filter((name) => name.startsWith('expansion'))).toEqual([])
  })
})

describe('a Yealink base', () => {
  const lines = [LINE, { ...LINE, position: 2, user: '1002-acme', label: '1002' }]

  it('gives each handset the account of its number', () => {
    expect(Object.fromEntries(read('W60B', { lines }))).toMatchObject({
      'handset.1.incoming_lines': '1',
      'handset.2.dial_out_default_line': '2',
      'handset.2.name': '1002',
      'handset.3.incoming_lines': '',
      'account.8.enable': '0',
    })
  })

  it('of a large house names its servers once', () => {
    const other = { ...LINE, position: 3, user: '1003-acme', transport: 'tls', outboundProxy: 'proxy.example.org:5070' }
    const all = read('W80DM', { lines: [...lines, other] })
    const servers = [1, 2, 3].map((n) => all.get(`account.${n}.sip_server.template`))
    expect(servers).toEqual(['1', '1', '2'])
    expect(all.get('template.2.sip_server.1.transport_type')).toBe('2')
    expect(all.get('template.2.outbound_proxy.1.port')).toBe('5070')
    expect(all.has('account.1.sip_server.1.address')).toBe(false)
  })
})
