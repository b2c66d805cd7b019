import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderFor } from '../shipped.ts'
import { readAudioCodes } from './audiocodes.ts'
import { itCarriesValues } from './carries.ts'

const family = 'audiocodes'
const write = (settings: object) =>
  readAudioCodes(renderFor(family, { model: '440HD', mac: '00908f602aac', settings: { lines: [LINE], ...settings } }))

describe('AudioCodes', () => {
  itCarriesValues({
    family,
    model: '440HD',
    read: (bytes) => {
      const all = readAudioCodes(bytes)
      return {
        displayName: all.get('voip/line/0/description')!,
        user: all.get('voip/line/0/id')!,
        password: all.get('voip/line/0/auth_password')!,
        server: all.get('voip/signalling/sip/sip_registrar/addr')!,
        label: all.get('voip/line/0/extension_display')!,
        size: all.size,
      }
    },
  })

  it('stays with the file that is its own and turns off what is not used', () => {
    expect(Object.fromEntries(write({}))).toMatchObject({
      'provisioning/method': 'STATIC',
      'provisioning/configuration/url': `${NEEDED.provisioningUrl}00908F602AAC.cfg`,
      'system/password': NEEDED.adminPassword,
      'voip/line/1/enabled': '0',
      'voip/line/3/enabled': '0',
    })
  })

  it('registers at the server, through the proxy if there is one', () => {
    const all = write({ outboundProxy: 'proxy.example.org:5070', transport: 'tls' })
    expect(Object.fromEntries(all)).toMatchObject({
      'voip/signalling/sip/transport_protocol': 'TLS',
      'voip/signalling/sip/proxy_address': 'proxy.example.org',
      'voip/signalling/sip/proxy_port': '5070',
      'voip/signalling/sip/sip_registrar/addr': NEEDED.serverHost,
      'voip/signalling/sip/sip_registrar/port': '5061',
    })
  })

  it('offers the wanted codecs in order and no others', () => {
    const all = write({ codecs: ['pcma', 'g722'] })
    const slots = [0, 1, 2, 3].map((slot) => `voip/codec/codec_info/${slot}`)
    expect(slots.map((slot) => all.get(`${slot}/enabled`))).toEqual(['1', '1', '0', '0'])
    expect(slots.map((slot) => all.get(`${slot}/name`))).toEqual(['PCMA', 'G722', undefined, undefined])
  })
})
