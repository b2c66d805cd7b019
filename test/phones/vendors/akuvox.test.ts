import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderFor } from '../shipped.ts'
import { readAkuvox } from './akuvox.ts'
import { itCarriesValues } from './carries.ts'

const family = 'akuvox'

describe('Akuvox', () => {
  itCarriesValues({
    family,
    model: 'SP-R55P',
    read: (bytes) => {
      const all = readAkuvox(bytes)
      return {
        displayName: all.get('Account1.GENERAL.DisplayName')!,
        user: all.get('Account1.GENERAL.UserName')!,
        password: all.get('Account1.GENERAL.Pwd')!,
        server: all.get('Account1.SIP.Server')!,
        label: all.get('Account1.GENERAL.Label')!,
        keyLabel: all.get('Programable.LINEKEY2.Label')!,
        size: all.size,
      }
    },
  })

  it('pins where its files come from and turns off what is not used', () => {
    const own = readAkuvox(renderFor(family, { model: 'SP-R55P', settings: { lines: [LINE] } }))
    expect(Object.fromEntries(own)).toMatchObject({
      'Autoprovision.GENERAL.Url': NEEDED.provisioningUrl,
      'Autoprovision.PNP.Enable': '0',
      'Autoprovision.DHCP_OPTION.Enable': '0',
      'Autoprovision.REDIRECT.Enable': '0',
      'Settings.WEB_LOGIN.Password': NEEDED.adminPassword,
      'Settings.LOGIN.Password': NEEDED.adminPassword,
      'Account2.GENERAL.Enable': '0',
      'Programable.LINEKEY15.Type': '0',
    })
  })

  it('names each slot of a codec, so that no rank falls on another one', () => {
    const settings = { lines: [LINE], codecs: ['g722', 'pcma'] }
    const own = readAkuvox(renderFor(family, { model: 'SP-R55P', settings }))
    const slots = [...own].filter(([name]) => /^Account1\.Audio\d+\.Enable$/.test(name))
    const on = slots.filter(([, value]) => value === '1').map(([name]) => name.slice(0, -'.Enable'.length))
    const offered = on.map((slot) => [own.get(`${slot}.Priority`), own.get(`${slot}.Name`), own.get(`${slot}.Payload`)])
    expect(offered.sort()).toEqual([
      ['1', 'G722', '9'],
      ['2', 'PCMA', '8'],
    ])
    expect(slots).toHaveLength(7)
  })
})
