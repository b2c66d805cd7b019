import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseAmiUrl } from '../../../src/asterisk/ami/address.ts'
import { isLoopback } from '../../../src/model/host.ts'

describe('the AMI URL', () => {
  it('gives host, port, user and secret, percent-decoded', () => {
    const address = parseAmiUrl('ami://off%40hook:p%3A%2F%20x@pbx.example.org:15038')
    expect(address).toMatchObject({ host: 'pbx.example.org', port: 15038, tls: false, user: 'off@hook' })
    expect(address.secret.reveal()).toBe('p:/ x')
  })

  it('takes 5038 and, for TLS, 5039 when it names no port', () => {
    expect(parseAmiUrl('ami://u:s@h').port).toBe(5038)
    expect(parseAmiUrl('amis://u:s@h?ca=/etc/asterisk/ca.pem')).toMatchObject({
      port: 5039,
      tls: true,
      caFile: '/etc/asterisk/ca.pem',
    })
  })

  it('takes an IPv6 address in brackets', () => {
    expect(parseAmiUrl('ami://u:s@[::1]:5038').host).toBe('::1')
  })

  it.each([
    'http://u:secret-canary@h',
    'ami://u@h',
    'ami://:secret-canary@h',
    'ami://u:secret-canary',
    'secret-canary',
    'ami://u:secret-canary%0D%0AAction:%20Originate@h',
    'ami://u:secret-canary%ZZ@h',
  ])('refuses %s without showing it', (url) => {
    const refusal = refusalOf(url)
    expect(refusal).toMatchObject({ code: 'config-invalid' })
    expect(inspect(refusal, { depth: 9 })).not.toContain('secret-canary')
  })

  it('hides the secret when an address is printed', () => {
    expect(inspect(parseAmiUrl('ami://u:secret-canary@h'))).not.toContain('secret-canary')
  })

  it('knows which hosts stay on this machine', () => {
    expect(
      ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost:5060', '127.0.0.1:8081', '[::1]:80'].every(
        isLoopback,
      ),
    ).toBe(true)
    expect(['10.0.0.1', '127.0.0.1.example.org', 'pbx', '::2'].some(isLoopback)).toBe(false)
  })
})

function refusalOf(url: string): unknown {
  try {
    return parseAmiUrl(url)
  } catch (error) {
    return error
  }
}
