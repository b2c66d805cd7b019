import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readSnomBase } from './snom-m.ts'

const family = 'snom-m'
const model = 'M400'
const read = (settings: object) => readSnomBase(renderFor(family, { model, settings }))

describe('Snom M', () => {
  itCarriesValues({
    family,
    model,
    read: (bytes) => {
      const { global, servers, extensions } = readSnomBase(bytes)
      return {
        displayName: extensions.get('user_realname/1')!,
        user: extensions.get('user_name/1')!,
        password: extensions.get('user_pass/1')!,
        server: servers.get('user_host/1')!,
        label: extensions.get('subscr_sip_line_name/1')!,
        size: global.size + servers.size + extensions.size,
      }
    },
  })

  it('goes to its own file, stays there and has no password that others know', () => {
    const bootstrap = readSnomBase(renderBootstrapOf(family, NEEDED.provisioningUrl)).global
    expect([...bootstrap]).toEqual([['setting_server', `${NEEDED.provisioningUrl}{mac}.xml`]])
    expect(Object.fromEntries(read({ lines: [LINE] }).global)).toMatchObject({
      setting_server: `${NEEDED.provisioningUrl}{mac}.xml`,
      pnp_config: 'off',
      dhcp_option_pnp: 'off',
      tls_server_authentication: 'on',
      http_pass: NEEDED.adminPassword,
      http_engineer_pass: NEEDED.adminPassword,
      http_basic_pass: NEEDED.adminPassword,
    })
  })

  it('gives handset n account n, names each server once and turns off the rest', () => {
    const far = { ...LINE, position: 3, user: '1003-acme', serverHost: 'branch.example.org', transport: 'tls' }
    const { servers, extensions } = read({ lines: [LINE, { ...LINE, position: 2, user: '1002-acme' }, far] })
    const of = (name: string) => [1, 2, 3].map((n) => extensions.get(`${name}/${n}`))
    expect(of('subscr_sip_hs_idx')).toEqual(['1', '2', '3'])
    expect(of('subscr_sip_ua_data_server_id')).toEqual(['1', '1', '2'])
    expect(servers.get('user_outbound/2')).toBe('branch.example.org:5061')
    expect(extensions.get('user_active/20')).toBe('off')
    expect(extensions.has('user_active/21')).toBe(false)
  })

  it('refuses an encryption of calls that we cannot ask it for', () => {
    for (const srtp of ['optional', 'required']) expect(() => read({ lines: [{ ...LINE, srtp }] })).toThrow(/no srtp/)
  })

  it('refuses an eleventh server', () => {
    const lines = Array.from({ length: 11 }, (_, n) => ({ ...LINE, position: n + 1, serverHost: `s${n}.example.org` }))
    expect(() => read({ lines })).toThrow(/no server 11/)
  })
})
