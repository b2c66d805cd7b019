import { describe, expect, it } from 'vitest'
import { choose, identify } from '../../../src/phones/identify.ts'
import { families, LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readFlyingvoice } from './flyingvoice.ts'

const family = 'flyingvoice'

describe('Flyingvoice', () => {
  itCarriesValues({
    family,
    model: 'FIP13G',
    read: (bytes) => {
      const all = readFlyingvoice(bytes)
      return {
        displayName: all.get('account.1.display_name')!,
        user: all.get('account.1.user_name')!,
        password: all.get('account.1.password')!,
        server: all.get('account.1.sip_server.1.address')!,
        label: all.get('account.1.label')!,
        keyLabel: all.get('linekey.2.label')!,
        size: all.size,
      }
    },
  })

  it('pins where its files come from and turns off what is not used', () => {
    const own = readFlyingvoice(renderFor(family, { model: 'FIP13G', settings: { lines: [LINE] } }))
    expect(Object.fromEntries(own)).toMatchObject({
      'static.auto_provision.server.url': NEEDED.provisioningUrl,
      'static.auto_provision.pnp_enable': '0',
      'static.auto_provision.dhcp_option.enable': '0',
      'static.security.trust_certificates': '1',
      'static.security.user_password': `admin:${NEEDED.adminPassword}`,
      'account.4.enable': '0',
      'linekey.9.type': '0',
    })
    expect([...readFlyingvoice(renderBootstrapOf(family, NEEDED.provisioningUrl))]).toEqual([
      ['static.auto_provision.server.url', NEEDED.provisioningUrl],
    ])
  })

  it('is told from a Yealink, whose file names it shares, by what it says of itself', () => {
    const userAgent = 'Flyingvoice FIP13G V0.6.24 00:21:F2:22:AE:F1'
    const chosen = choose(identify(families, { file: 'y000000000000.cfg', userAgent }))
    expect(chosen?.family.name).toBe(family)
    expect(choose(identify(families, { file: 'y000000000000.cfg', userAgent: '' }))).toBeNull()
  })
})
