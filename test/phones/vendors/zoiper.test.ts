import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readZoiper } from './zoiper.ts'

const family = 'zoiper'
const write = (settings: object) => readZoiper(renderFor(family, { settings: { lines: [LINE], ...settings } }))

describe('Zoiper', () => {
  itCarriesValues({
    family,
    model: 'Zoiper',
    read: (bytes) => {
      const [all, ...more] = readZoiper(bytes)
      expect(more).toEqual([])
      return {
        displayName: all!.get('SIP_callerId')!,
        user: all!.get('username')!,
        password: all!.get('password')!,
        server: all!.get('SIP_domain')!.replace(/:5060$/, ''),
        label: all!.get('name')!,
        size: all!.size,
      }
    },
  })

  it('has one account for each line', () => {
    const second = { ...LINE, position: 3, user: '1002-acme', outboundProxy: 'proxy.example.org' }
    const [one, two] = write({ lines: [LINE, second], transport: 'tls' })
    expect([one!.get('SIP_use_outbound_proxy'), one!.get('SIP_domain')]).toEqual(['false', 'pbx.example.org:5061'])
    expect([two!.get('username'), two!.get('SIP_outbound_proxy')]).toEqual(['1002-acme', 'proxy.example.org:5061'])
  })

  it('refuses what none of its known words can say', () => {
    expect(() => write({ srtp: 'required' })).toThrow(/no srtp required/)
    expect(() => write({ dtmf: 'info' })).toThrow(/no dtmf info/)
  })
})
