import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readCiscoFunction, readCiscoProfile } from './cisco-spa.ts'

const family = 'cisco-spa'

describe('Cisco SPA and MPP', () => {
  itCarriesValues({
    family,
    model: 'SPA504G',
    read: (bytes) => {
      const all = readCiscoProfile(bytes)
      expect(all.get('Extension_1_')).toBe('1')
      expect(all.get('Extension_2_')).toBe('Disabled')
      return {
        displayName: all.get('Display_Name_1_')!,
        user: all.get('User_ID_1_')!,
        password: all.get('Password_1_')!,
        server: all.get('Proxy_1_')!.replace(/:5060$/, ''),
        label: all.get('Short_Name_1_')!,
        keyLabel: readCiscoFunction(all.get('Extended_Function_2_')!).get('nme')!,
        size: all.size,
      }
    },
    keyLabel: (text) => text.replace(/[;$]/g, ' ').replace(/ +/g, ' ').trim(),
  })

  it('goes from the common file to its own, and from there on stays', () => {
    const rule = `${NEEDED.provisioningUrl}$MA.xml`
    expect([...readCiscoProfile(renderBootstrapOf(family, NEEDED.provisioningUrl))]).toEqual([['Profile_Rule', rule]])
    const own = readCiscoProfile(renderFor(family, { model: 'SPA504G', settings: { lines: [LINE] } }))
    expect(Object.fromEntries(own)).toMatchObject({
      Profile_Rule: rule,
      Profile_Rule_B: '',
      Resync_From_SIP: 'Yes',
      'Auth_Resync-Reboot_1_': 'No',
      DHCP_Option_To_Use: '',
      Admin_Passwd: NEEDED.adminPassword,
      Line_Enable_2_: 'No',
    })
  })

  it('says the administrator and the encryption of calls in the words of each line of products', () => {
    const lines = [{ ...LINE, srtp: 'required', transport: 'tls' }]
    const mpp = readCiscoProfile(renderFor(family, { model: 'CP-8851-3PCC', settings: { lines } }))
    expect(mpp.get('Admin_Password')).toBe(NEEDED.adminPassword)
    expect(mpp.get('Secure_Call_Option_1_')).toBe('Required')
    expect(mpp.has('Admin_Passwd')).toBe(false)
    const spa = readCiscoProfile(renderFor(family, { model: 'SPA525G', settings: { lines } }))
    expect(spa.get('Secure_Call_Setting')).toBe('Yes')
    expect(spa.get('SIP_Transport_1_')).toBe('TLS')
  })

  it('never lets the number of a key end its function', () => {
    const keys = [{ position: 2, kind: 'blf', value: '1002;fnc=sd;ext=6@evil', label: 'Bob', line: 1 }]
    const all = readCiscoProfile(renderFor(family, { model: 'SPA504G', settings: { lines: [LINE], keys } }))
    const parts = readCiscoFunction(all.get('Extended_Function_2_')!)
    expect(parts.get('fnc')).toBe('blf+sd+cp')
    expect(parts.get('sub')).toBe('1002fncsdext6evil@$PROXY')
  })

  it('watches and dials by the keys of modules, in the words of each line of products', () => {
    const of = (model: string, position: number) => {
      const keys = [{ position, kind: 'blf', value: '1002', label: 'Bob', line: 1 }]
      return readCiscoProfile(renderFor(family, { model, settings: { lines: [LINE], keys } }))
    }
    const watching = 'fnc=blf+sd+cp;sub=1002@$PROXY;nme=Bob'
    expect(Object.fromEntries(of('SPA504G', 4 + 32 + 1))).toMatchObject({
      Unit_1_Enable: 'No',
      Unit_2_Enable: 'Yes',
      Unit_2_Key_1: watching,
      Unit_2_Key_32: '',
    })
    const mpp = of('CP-8851-3PCC', 10 + 36 + 2)
    expect(Object.fromEntries(mpp)).toMatchObject({ Number_of_Units: '2', Unit_2_Key_2_: watching, Unit_1_Key_36_: '' })
    expect([...of('CP-7841-3PCC', 1).keys()].filter((name) => name.startsWith('Unit_'))).toEqual([])
  })
})
