import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readGigasetBase, readGigasetFrame } from './gigaset-n.ts'

const second = { ...LINE, position: 2, label: '1002', user: '1002-acme', authUser: '1002-acme' }

describe('Gigaset N', () => {
  const read = (settings: object) => readGigasetBase(renderFor('gigaset-n', { model: 'N670', settings }))

  itCarriesValues({
    family: 'gigaset-n',
    model: 'N670',
    read: (bytes) => {
      const { values } = readGigasetBase(bytes)
      return {
        displayName: values.get('SipAccount.00001.DisplayName')!,
        user: values.get('SipAccount.00001.UserName')!,
        password: values.get('SipAccount.00001.AuthPassword')!,
        server: values.get('SipProvider.0.RegServerAddress')!,
        size: values.size,
      }
    },
  })

  it('lets in one handset for each account, each with the digits of its number', () => {
    const { values, handsets } = read({ lines: [{ ...LINE, label: '+49 30 7' }, second] })
    expect(handsets).toEqual(['00001', '00002'])
    expect(values.get('hs.00001.DECT_AC')).toBe('9307')
    expect(values.get('hs.00002.DECT_AC')).toBe('1002')
  })

  it('names each server once, and refuses calls in the clear only when told so', () => {
    const far = { ...second, serverHost: 'branch.example.org', transport: 'tls', srtp: 'required' }
    const { values } = read({ lines: [LINE, far, { ...second, position: 3 }] })
    expect(Object.fromEntries(values)).toMatchObject({
      'SipAccount.00001.ProviderId': '0',
      'SipAccount.00002.ProviderId': '1',
      'SipAccount.00003.ProviderId': '0',
      'SipProvider.1.ProxyServerPort': '5061',
      'SipProvider.1.TransportProtocol': '3',
      'SipProvider.0.SRTP_Enabled': '0',
      'SipProvider.0.AcceptNonSRTPCalls': '1',
      'SipProvider.1.SRTP_Enabled': '1',
      'SipProvider.1.AcceptNonSRTPCalls': '0',
    })
  })

  it('stays where it is, with a password and a clock that it knows', () => {
    const berlin = read({ lines: [LINE], timezone: 'Europe/Berlin' }).values
    expect(Object.fromEntries(berlin)).toMatchObject({
      'Provisioning.global.ProvisioningServer': NEEDED.provisioningUrl,
      'WebUIAccounts.1.Password': NEEDED.adminPassword,
      'DmGlobal.0.TimeZone': 'Europe/Berlin',
    })
    expect(read({ lines: [LINE], timezone: 'America/Boise' }).values.has('DmGlobal.0.TimeZone')).toBe(false)
  })
})

describe('Gigaset N510', () => {
  const mac = '7c2f804df9a9'
  const read = (settings: object) => readGigasetFrame(renderFor('gigaset-n510', { mac, settings }))

  itCarriesValues({
    family: 'gigaset-n510',
    model: 'N510',
    read: (bytes) => {
      const { values } = readGigasetFrame(bytes)
      return {
        displayName: values.get('BS_IP_Data1.aucS_SIP_DISPLAYNAME')!,
        user: values.get('BS_IP_Data1.aucS_SIP_USER_ID')!,
        password: values.get('BS_IP_Data1.aucS_SIP_PASSWORD')!,
        server: values.get('BS_IP_Data1.aucS_SIP_SERVER')!,
        label: values.get('BS_Accounts.astAccounts[0].aucAccountName[0]')!,
        size: values.size,
      }
    },
    name: (text) => text.replace(/"/g, "'"),
    refuses: /"/,
  })

  it('gives each handset its account alone, ports in hexadecimal, and turns off the rest', () => {
    const { mac: owner, values } = read({ lines: [LINE, { ...second, position: 3 }] })
    expect(owner).toBe('7C2F804DF9A9')
    expect(Object.fromEntries(values)).toMatchObject({
      'BS_IP_Data1.uiI_SIP_REGISTRAR_PORT': '5060',
      'BS_Accounts.astAccounts[0].uiReceiveMask': '1',
      'BS_Accounts.astAccounts[2].uiReceiveMask': '4',
      'BS_IP_Data1.aucS_SIP_USER_ID_3': '1002-acme',
      'BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE_2': '0',
      'BS_IP_Data1.aucS_SIP_PASSWORD_2': '',
    })
  })

  it('makes a PIN of any password, and comes back to its own file', () => {
    // a is 97, d 100, m 109, - 45: the last digits.
    expect(read({ lines: [LINE] }).values.get('BS_CUSTOM.aucKdsPin[0]')).toBe([0x70, 0x95].join())
    expect(read({ lines: [LINE] }).values.get('S_CONFIGFILE_URL')).toBe(`${NEEDED.provisioningUrl}7C2F804DF9A9.xml`)
    const plain = read({ lines: [LINE], provisioningUrl: 'http://192.0.2.1:8081/t/' }).values
    expect(plain.get('S_CONFIGFILE_URL')).toBe('192.0.2.1:8081/t/7C2F804DF9A9.xml')
  })

  it('refuses what would leave a call open', () => {
    expect(() => read({ lines: [{ ...LINE, transport: 'tls' }] })).toThrow(/no transport tls/)
    expect(() => read({ lines: [{ ...LINE, srtp: 'required' }] })).toThrow(/no srtp required/)
  })
})
