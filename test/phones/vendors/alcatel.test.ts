import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { readAlcatel } from './alcatel.ts'
import { itCarriesValues } from './carries.ts'

const family = 'alcatel'
const write = (settings: object, model = 'M5') =>
  readAlcatel(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('Alcatel-Lucent Enterprise', () => {
  itCarriesValues({
    family,
    model: 'M5',
    read: (bytes) => {
      const all = readAlcatel(bytes)
      return {
        displayName: all.get('Account1DisplayName')!,
        user: all.get('Account1UserName')!,
        password: all.get('Account1Password')!,
        server: all.get('Account1Server1Address')!,
        label: all.get('Account1Label')!,
        keyLabel: all.get('ProgramKey2Label')!,
        size: all.size,
      }
    },
  })

  it('goes from the common file to its own, and from there on stays', () => {
    const common = readAlcatel(renderBootstrapOf(family, NEEDED.provisioningUrl))
    expect([...common]).toEqual([['DeviceProvisionServerUrl', NEEDED.provisioningUrl]])
    expect(Object.fromEntries(write({}))).toMatchObject({
      DeviceProvisionServerUrl: NEEDED.provisioningUrl,
      DeviceProvisionPnpEnable: 'false',
      DeviceProvisionDhcpEnable: 'false',
      DeviceSecurityAdminPwd: NEEDED.adminPassword,
      DeviceSecurityVarPwd: NEEDED.adminPassword,
      DeviceSecurityUserPwd: NEEDED.adminPassword,
      DeviceSecuritySshEnable: 'false',
      Account2Enable: 'false',
      Account8Password: '',
      ProgramKey28Type: '',
    })
  })

  it('leaves the first key to the account unless somebody wants it otherwise', () => {
    expect(write({}).has('ProgramKey1Type')).toBe(false)
    const key = { position: 1, kind: 'blf', value: '1002', label: 'Bob', line: 1 }
    expect(write({ keys: [key] }).get('ProgramKey1Type')).toBe('59')
  })

  it('says codecs, pressed digits and the clock in its numbers', () => {
    const all = write({
      lines: [LINE],
      codecs: ['pcma', 'g722'],
      dtmf: 'info',
      timezone: 'Asia/Kolkata',
      language: 'de',
    })
    expect(Object.fromEntries(all)).toMatchObject({
      Account1AudioCodec: '8;9',
      Account1DtmfMode: '4',
      SettingTimeZone: '+5:30',
      SettingDstEnable: '0',
      SettingLanguage: '2',
    })
  })

  it('refuses what none of its known codes can say', () => {
    expect(() => write({ transport: 'tls' })).toThrow(/no transport tls/)
    expect(() => write({ srtp: 'required' })).toThrow(/no srtp required/)
  })
})
