import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderFor } from '../shipped.ts'
import { readAcrobits } from './acrobits.ts'
import { itCarriesValues } from './carries.ts'

const family = 'acrobits'
const write = (settings: object) => readAcrobits(renderFor(family, { settings: { lines: [LINE], ...settings } }))

describe('Acrobits', () => {
  itCarriesValues({
    family,
    model: 'Groundwire',
    read: (bytes) => {
      const all = readAcrobits(bytes)
      return {
        displayName: all.get('userDisplayName')!,
        user: all.get('username')!,
        password: all.get('password')!,
        server: all.get('host')!.replace(/:5060$/, ''),
        label: all.get('title')!,
        size: all.size,
      }
    },
  })

  it('asks again at the address with its token, in seconds', () => {
    const all = write({ provisioningIntervalMinutes: 60 })
    expect(all.get('extProvUrl')).toBe(`${NEEDED.provisioningUrl}acrobits.xml`)
    expect(all.get('extProvInterval')).toBe('3600')
  })

  it('says TLS so that addresses stay sip:, and codecs in order without those that it cannot name', () => {
    const all = write({ transport: 'tls', srtp: 'required', codecs: ['opus', 'pcma', 'g722'] })
    expect([all.get('transport'), all.get('host')]).toEqual(['tls+sip:', 'pbx.example.org:5061'])
    expect([all.get('sdesIncoming'), all.get('sdesOutgoing')]).toEqual(['required', 'required'])
    expect(all.get('codecOrder')).toBe('8,9')
  })

  it('refuses pressed digits by INFO, whose word is not known', () => {
    expect(() => write({ dtmf: 'info' })).toThrow(/no dtmf info/)
  })
})
