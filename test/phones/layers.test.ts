import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { describeSettings } from '../../src/phones/describe-settings.ts'
import { findModel } from '../../src/phones/family.ts'
import { baseLayers, readLayer, resolveSettings, type Layer } from '../../src/phones/layers.ts'
import { familyOf, LINE, NEEDED } from './shipped.ts'

const yealink = familyOf('yealink')
const base = baseLayers(yealink, findModel(yealink, 'T54W'))
const layer = (name: Layer['layer'], settings: object): Layer => ({
  layer: name,
  settings: readLayer(settings, { secretsAsText: true }),
})
const needed = layer('device', NEEDED)

describe('layers', () => {
  it('let the most specific one win and tell where each value came from', () => {
    const { settings, origins } = resolveSettings([
      ...base,
      layer('tenant', { timezone: 'Europe/Berlin', language: 'de', vlanId: 10 }),
      layer('location', { timezone: 'Europe/London' }),
      layer('device', { ...NEEDED, vlanId: null }),
    ])
    expect(settings).toMatchObject({ timezone: 'Europe/London', language: 'de', vlanId: null, transport: 'udp' })
    expect(origins).toMatchObject({ timezone: 'location', language: 'tenant', vlanId: 'device', transport: 'defaults' })
  })

  it('merge lines and keys by position and raw settings by name', () => {
    const key = { position: 2, kind: 'blf', value: '1002', label: 'Bob', line: 1 }
    const { settings, origins } = resolveSettings([
      ...base,
      layer('profile', { keys: [key, { ...key, position: 1 }], raw: { 'a.b': '1', 'a.c': '2' } }),
      layer('device', { ...NEEDED, lines: [LINE], keys: [{ position: 2, label: 'Robert' }], raw: { 'a.b': '' } }),
    ])
    expect(settings.keys.map(({ position, label }) => [position, label])).toEqual([
      [1, 'Bob'],
      [2, 'Robert'],
    ])
    expect(settings.raw).toEqual({ 'a.c': '2' })
    expect(origins).toMatchObject({ 'keys.2.label': 'device', 'keys.2.value': 'profile', 'raw.a.c': 'profile' })
  })

  it('name every setting that is missing', () => {
    const incomplete = () => resolveSettings([...base, layer('device', { lines: [{ position: 1, user: '1001' }] })])
    expect(incomplete).toThrow(/serverHost.*adminPassword|adminPassword.*serverHost/)
    expect(incomplete).toThrow(/lines\.0\.password/)
  })

  it('never show a secret', () => {
    const { settings } = resolveSettings([...base, needed, layer('device', { lines: [LINE] })])
    expect(settings.lines[0]!.password).toBeInstanceOf(Secret)
    expect(JSON.stringify(settings)).not.toContain(LINE.password)
    expect(JSON.stringify(settings)).not.toContain(NEEDED.adminPassword)
    expect(JSON.stringify(settings)).not.toContain(NEEDED.provisioningUrl)
  })
})

describe('a layer is refused when', () => {
  it.each([
    ['it has an unknown setting', { colour: 'red' }],
    ['a secret is plain text', { adminPassword: 'x' }],
    ['a text holds a line break', { lines: [{ position: 1, label: 'a\nb' }] }],
    ['a raw value holds a control character', { raw: { 'a.b': 'x\u0007' } }],
    ['a host is not one', { serverHost: 'pbx.example.org;transport=tls' }],
    ['a host has a port', { serverHost: 'pbx.example.org:5060' }],
    ['a number to dial holds letters', { voicemailNumber: '97;x' }],
    ['a user is not one', { lines: [{ position: 1, user: 'a b' }] }],
    ['a time zone is not one', { timezone: 'Mars/Base' }],
    ['a VLAN is out of range', { vlanId: 4095 }],
    ['a position is 0', { keys: [{ position: 0 }] }],
  ])('%s', (_, settings) => {
    expect(() => readLayer(settings)).toThrow(/Settings are not valid/)
  })

  it('does not repeat a faulty secret', () => {
    expect(() => readLayer({ adminPassword: 'geheim\n' }, { secretsAsText: true })).not.toThrow(/geheim/)
  })
})

it('the table of settings tells type and meaning of every one', () => {
  const rows = describeSettings()
  expect(rows.filter(({ meaning }) => meaning === '')).toEqual([])
  expect(rows.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
    'adminPassword',
    'userPassword',
    'provisioningUrl',
    'fileKey',
    'dot1xPassword',
    'lines.password',
  ])
  expect(rows.find(({ name }) => name === 'lines.transport')).toMatchObject({ type: 'udp | tcp | tls' })
})
