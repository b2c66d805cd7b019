import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readVtech } from './vtech.ts'

const family = 'vtech'
const write = (settings: object, model = 'VSP726') =>
  readVtech(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('VTech ErisTerminal', () => {
  itCarriesValues({
    family,
    model: 'VSP726',
    read: (bytes) => {
      const all = readVtech(bytes)
      return {
        displayName: all.get('sip_account.1.display_name')!,
        user: all.get('sip_account.1.user_id')!,
        password: all.get('sip_account.1.authentication_access_password')!,
        server: all.get('sip_account.1.primary_sip_server_address')!,
        label: all.get('sip_account.1.label')!,
        size: all.size,
      }
    },
  })

  it('goes from the file of its model to its own, and from there on stays', () => {
    const common = readVtech(renderBootstrapOf(family, NEEDED.provisioningUrl))
    expect([...common]).toEqual([['provisioning.server_address', NEEDED.provisioningUrl]])
    expect(Object.fromEntries(write({}))).toMatchObject({
      'provisioning.server_address': NEEDED.provisioningUrl,
      'provisioning.dhcp_option_enable': '0',
      'provisioning.pnp_enable': '0',
      'provisioning.check_trusted_certificate': '1',
      'provisioning.remote_check_sync_enable': '1',
      'profile.admin.access_password': NEEDED.adminPassword,
      'sip_account.2.sip_account_enable': '0',
      'sip_account.6.authentication_access_password': '',
      'pfk.32.feature': 'unassigned',
    })
  })

  it('fills the places for codecs in order and empties the others', () => {
    const all = write({ codecs: ['pcma', 'g722'] })
    const places = [...all].filter(([name]) => name.startsWith('sip_account.1.codec_priority.'))
    expect(places.map(([, value]) => value)).toEqual(['g711a', 'g722', 'none', 'none', 'none'])
  })

  it('puts the number of a key where its kind looks for it', () => {
    const keys = [
      { position: 1, kind: 'blf', value: '1002', label: null, line: 1 },
      { position: 2, kind: 'speed_dial', value: '1003', label: null, line: 2 },
    ]
    expect(Object.fromEntries(write({ keys, pickupCode: '*8' }))).toMatchObject({
      'pfk.1.feature': 'busy lamp field',
      'pfk.1.blf': '1002',
      'pfk.1.quick_dial': '',
      'pfk.2.account': '2',
      'pfk.2.quick_dial': '1003',
      'sip_account.1.blf_remote_pickup_code': '*8',
    })
  })

  it('refuses encryption that would leave a call open', () => {
    expect(() => write({ srtp: 'optional' })).toThrow(/no srtp optional/)
  })
})
