import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { read2n } from './2n.ts'
import { itCarriesValues } from './carries.ts'

const family = '2n'
const write = (settings: object, model = '2N IP Verso') =>
  read2n(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('2N', () => {
  itCarriesValues({
    family,
    model: '2N IP Verso',
    read: (bytes) => {
      const all = read2n(bytes)
      return {
        displayName: all.get('Phone/Sip.0/User/DisplayName')!,
        user: all.get('Phone/Sip.0/User/Id')!,
        password: all.get('Phone/Sip.0/User/PasswordString')!,
        server: all.get('Phone/Sip.0/Client/Domain')!,
        label: all.get('WebServer/DeviceName')!,
        size: all.size,
      }
    },
  })

  it('turns off the accounts that nobody has', () => {
    const all = write({})
    expect([all.get('Phone/Sip.0/Enabled'), all.get('Phone/Sip.3/Enabled')]).toEqual(['1', '0'])
    expect(all.get('Phone/Sip.1/Registrar/Enabled')).toBe('0')
    expect(write({}, '2N IP Base').has('Phone/Sip.2/Enabled')).toBe(false)
  })

  it('sends pressed digits one way only, and orders codecs', () => {
    const all = write({ dtmf: 'info', codecs: ['g722', 'pcma'] })
    const sent = ['Audio', 'Rtp', 'Sip'].map((way) => all.get(`Phone/Sip.0/Dtmf/SendIn${way}`))
    expect(sent).toEqual(['0', '0', '1'])
    const codec = (name: string) =>
      ['Priority', 'Enabled'].map((what) => all.get(`Phone/Sip.0/Audio/Codecs/${name}/${what}`))
    expect([codec('G722'), codec('PCMA'), codec('PCMU')]).toEqual([
      ['1', '1'],
      ['2', '1'],
      ['4', '0'],
    ])
  })

  it('refuses a transport that no source shows', () => {
    expect(() => write({ transport: 'tls' })).toThrow(/no transport tls/)
  })
})
