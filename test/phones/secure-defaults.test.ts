import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/model/app-error.ts'
import { findModel } from '../../src/phones/family.ts'
import { baseLayers, readLayer, resolveSettings } from '../../src/phones/layers.ts'
import { findMisfits } from '../../src/phones/misfits.ts'
import { familyOf, LINE, NEEDED, renderBootstrapOf, renderFor } from './shipped.ts'
import { readGrandstream } from './vendors/grandstream.ts'
import { readLinphone } from './vendors/linphone.ts'
import { readYealink } from './vendors/yealink.ts'

const settings = { lines: [LINE] }

describe('the first full file', () => {
  it('of a Yealink pins where it comes from and keeps others out', () => {
    const file = readYealink(renderFor('yealink', { settings }))
    expect(Object.fromEntries(file)).toMatchObject({
      'static.auto_provision.server.url': NEEDED.provisioningUrl,
      'static.auto_provision.pnp_enable': '0',
      'static.auto_provision.dhcp_option.enable': '0',
      'static.security.trust_certificates': '1',
      'static.security.user_password/admin': NEEDED.adminPassword,
      // 0: a check-sync reboots only when it says so (Yealink administrator guide).
      'sip.notify_reboot_enable': '0',
    })
  })

  it('of a Grandstream does so too, and refuses a factory reset by SIP', () => {
    const { mac, values } = readGrandstream(renderFor('grandstream', { settings, mac: '000b82aabbcc' }))
    expect(mac).toBe('000b82aabbcc')
    expect(Object.fromEntries(values)).toMatchObject({
      P212: '2',
      P237: 'phones.example.org/Abcdefghijklmnopqrstuv/',
      P145: '0',
      P1414: '0',
      P8463: '1',
      P2: NEEDED.adminPassword,
      P4428: '0',
      P2347: '1',
      P26015: '0',
    })
  })

  it('of a Linphone asks here again at every start', () => {
    const entries = readLinphone(renderFor('linphone', { settings }))
    expect(entries.get('misc/config-uri')).toBe(`${NEEDED.provisioningUrl}linphone.xml`)
    expect(entries.get('misc/transient_provisioning')).toBe('0')
    expect(entries.get('sip/verify_server_certs')).toBe('1')
  })

  it('turns off what an earlier file may have turned on', () => {
    const file = readYealink(renderFor('yealink', { model: 'T54W', settings }))
    expect(file.get('account.2.enable')).toBe('0')
    expect(file.get('account.16.enable')).toBe('0')
    expect(file.get('linekey.27.type')).toBe('0')
    const { values } = readGrandstream(renderFor('grandstream', { model: 'GXP2170', settings }))
    for (const account of ['P401', 'P501', 'P601', 'P1701', 'P1801']) expect(values.get(account)).toBe('0')
  })
})

describe('bootstrap files', () => {
  it('hold the address to go on with and nothing else', () => {
    expect([...readYealink(renderBootstrapOf('yealink', 'https://phones.example.org/'))]).toEqual([
      ['static.auto_provision.server.url', 'https://phones.example.org/'],
    ])
    const { mac, values } = readGrandstream(renderBootstrapOf('grandstream', 'http://192.0.2.1:8081/'))
    expect(mac).toBeNull()
    expect([...values]).toEqual([
      ['P212', '1'],
      ['P237', '192.0.2.1:8081/'],
    ])
  })
})

describe('what a phone cannot do', () => {
  it('is refused where leaving it out would weaken the phone', () => {
    const baresip = () => renderFor('baresip', { settings: { codecs: ['g729'] } })
    expect(baresip).toThrow(AppError)
    expect(baresip).toThrow(/none of the codecs/)
  })

  it('is left out and told where it is only a convenience', () => {
    const family = familyOf('grandstream')
    const model = findModel(family, 'GXP1610')
    const key = { position: 1, kind: 'blf', value: '1002', label: 'Bob', line: 1 }
    const layer = readLayer(
      { ...NEEDED, lines: [LINE, { ...LINE, position: 2 }], keys: [key], language: 'eo' },
      { secretsAsText: true },
    )
    const resolved = resolveSettings([...baseLayers(family, model), { layer: 'device', settings: layer }])
    expect(findMisfits(family, model, resolved.settings).map(({ setting }) => setting)).toEqual([
      'lines.2',
      'keys.1',
      'language',
    ])
  })

  it('raw settings keep to the names of the vendor and never double a neutral one', () => {
    const raw = (name: string) => () => renderFor('yealink', { settings: { lines: [LINE], raw: { [name]: '1' } } })
    expect(raw('phone_setting.backlight_time')).not.toThrow()
    expect(raw('x = 1\nstatic')).toThrow(/not valid/)
    expect(raw('#comment')().toString()).not.toContain('comment')
    expect(raw('account.1.password')).toThrow(/set twice/)
  })
})
