import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readGigaset } from './gigaset.ts'

const family = 'gigaset'
const address = `${NEEDED.provisioningUrl}%MACD.xml`
const write = (settings: object) => readGigaset(renderFor(family, { model: 'Maxwell 3', settings }))

describe('Gigaset Maxwell', () => {
  itCarriesValues({
    family,
    model: 'Maxwell 3',
    read: (bytes) => {
      const all = readGigaset(bytes)
      return {
        displayName: all.get('SIP.Account.0.DisplayName')!,
        user: all.get('SIP.Account.0.Username')!,
        password: all.get('SIP.Account.0.AuthPassword')!,
        server: all.get('SIP.Account.0.RegistrationServer.Address')!,
        label: all.get('SIP.Account.0.AccountName')!,
        keyLabel: all.get('PhoneUI.Keys.FunctionKeys.1.DisplayName')!,
        size: all.size,
      }
    },
  })

  it('goes to its own file, stays there and turns off what is not used', () => {
    const bootstrap = readGigaset(renderBootstrapOf(family, NEEDED.provisioningUrl))
    expect([...bootstrap]).toEqual([['System.Provision.ProvisioningServer', address]])
    expect(Object.fromEntries(write({ lines: [LINE] }))).toMatchObject({
      'System.Provision.ProvisioningServer': address,
      'NET.IP.IPv4.DHCP.Options.Disabled': '66,114',
      'WebUI.AdminPassword': NEEDED.adminPassword,
      'SIP.Account.3.Active': '0',
      'PhoneUI.Keys.FunctionKeys.7.Type': '-1',
    })
  })

  it('refuses calls in the clear only when told so, and a transport that it does not have', () => {
    const accepts = (srtp: string) =>
      write({ lines: [{ ...LINE, srtp, transport: 'tls' }] }).get('SIP.Security.AcceptNonSRTPCalls')
    expect([accepts('off'), accepts('optional'), accepts('required')]).toEqual(['1', '1', '0'])
    expect(() => write({ lines: [{ ...LINE, transport: 'tcp' }] })).toThrow(/no transport tcp/)
  })
})
