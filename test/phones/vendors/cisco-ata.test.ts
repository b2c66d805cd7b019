import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readCiscoAdapter } from './cisco-ata.ts'

const family = 'cisco-ata'
const read = (settings: object, model = 'ATA191-MPP') => readCiscoAdapter(renderFor(family, { model, settings }))

describe('Cisco ATA', () => {
  itCarriesValues({
    family,
    model: 'SPA112',
    read: (bytes) => {
      const all = readCiscoAdapter(bytes)
      return {
        displayName: all.get('Display_Name_1_')!,
        user: all.get('User_ID_1_')!,
        password: all.get('Password_1_')!,
        server: all.get('Proxy_1_')!.replace(/:5060$/, ''),
        size: all.size,
      }
    },
  })

  it('goes from the common file to its own, and from there on stays', () => {
    const rule = `${NEEDED.provisioningUrl}$MA.xml`
    expect([...readCiscoAdapter(renderBootstrapOf(family, NEEDED.provisioningUrl))]).toEqual([['Profile_Rule', rule]])
    expect(Object.fromEntries(read({ lines: [LINE] }))).toMatchObject({
      Profile_Rule: rule,
      DHCP_Option_To_Use: '',
      HTTPS_Name_Validate: 'Yes',
      'Auth_Resync-Reboot_1_': 'No',
      Line_Enable_2_: 'No',
      Password_2_: '',
      'router-configuration/Web_Login_Admin_Password': NEEDED.adminPassword,
      'router-configuration/Web_Login_Guest_Password': NEEDED.adminPassword,
    })
  })

  it.each([
    ['Europe/Berlin', '+01 2 2'],
    ['America/New_York', '-05 2 1'],
    ['America/Phoenix', '-07 1 0'],
    ['Australia/Sydney', '+10 2 4'],
    ['Asia/Kolkata', undefined],
  ])('tells the time of %s, if it has a word for it', (timezone, word) => {
    expect(read({ lines: [LINE], timezone }).get('router-configuration/Time_Setup/Time_Zone')).toBe(word)
  })

  it('encrypts calls where it is known how, and refuses elsewhere', () => {
    const lines = [{ ...LINE, transport: 'tls', srtp: 'required' }]
    expect(read({ lines }).get('Secure_Call_Option_1_')).toBe('Required')
    expect(() => read({ lines }, 'SPA122')).toThrow(/SPA122 has no srtp required/)
  })
})
