import { describe, expect, it } from 'vitest'
import { choose, identify } from '../../src/phones/identify.ts'
import { familyOf, families, LINE, NEEDED, renderBootstrapOf, renderFor } from './shipped.ts'
import { readPoly, readPolyMaster } from './vendors/poly.ts'
import { readSnom } from './vendors/snom.ts'

const DESK = {
  lines: [{ ...LINE, label: 'Desk', displayName: 'Jo "J" <Doe> & Söhne' }],
  transport: 'tls',
  srtp: 'required',
  voicemailNumber: '*97',
  pickupCode: '*8',
  timezone: 'Europe/Berlin',
  ntpServer: 'ntp.example.org',
  vlanId: 110,
  vlanPriority: 5,
  codecs: ['g722', 'pcma'],
  keys: [
    { position: 2, kind: 'blf', value: '1002', label: 'Bob', line: 1 },
    { position: 3, kind: 'speed_dial', value: '+4930123456', label: 'Taxi', line: 1 },
  ],
}

/** What a phone of that family, known to the inventory, is answered with: kind and name of the file. */
function answer(family: string, file: string): string {
  const chosen = choose(identify(families, { file, userAgent: '' }), family)
  return chosen ? `${chosen.file.kind} ${chosen.file.name}` : 'nobody knows it'
}

describe('Poly', () => {
  const mac = '0004f2aabbcc'

  it('misses its own master file, takes the common one and comes to its settings', () => {
    expect(answer('poly', `${mac}.cfg`)).toBe('absent own-master')
    expect(answer('poly', '000000000000.cfg')).toBe('bootstrap master')
    const [url, ...more] = readPolyMaster(renderBootstrapOf('poly', NEEDED.provisioningUrl), mac)
    expect(more).toEqual([])
    expect(url).toBe(`${NEEDED.provisioningUrl}${mac}-offhook.cfg`)
    expect(answer('poly', url!.slice(NEEDED.provisioningUrl.length))).toBe('device device')
    for (const own of ['phone', 'web', 'license']) expect(answer('poly', `${mac}-${own}.cfg`)).toBe('absent overrides')
  })

  it('finds the common master file without a User-Agent, over TFTP', () => {
    const chosen = choose(identify(families, { file: '000000000000.cfg', userAgent: '' }))
    expect(chosen?.family.name).toBe('poly')
  })

  it('reads account, keys and clock', () => {
    const all = Object.fromEntries(readPoly(renderFor('poly', { model: 'VVX_250', mac, settings: DESK })))
    expect(all).toMatchObject({
      'reg.1.address': LINE.user,
      'reg.1.label': 'Desk',
      'reg.1.displayName': 'Jo "J" <Doe> & Söhne',
      'reg.1.auth.userId': LINE.authUser,
      'reg.1.auth.password': LINE.password,
      'reg.1.server.1.address': NEEDED.serverHost,
      'reg.1.server.1.port': '5061',
      'reg.1.server.1.transport': 'TLS',
      'reg.1.srtp.require': '1',
      'msg.mwi.1.callBack': '*97',
      'reg.2.address': '',
      'reg.4.auth.password': '',
      'voice.codecPref.G722': '1',
      'voice.codecPref.G711_A': '2',
      'voice.codecPref.G711_Mu': '0',
      'lineKey.1.category': 'Line',
      'lineKey.2.category': 'BLF',
      'attendant.resourceList.1.address': '1002',
      'attendant.resourceList.1.type': 'normal',
      'attendant.resourceList.2.address': '+4930123456',
      'attendant.resourceList.2.type': 'automata',
      'lineKey.4.category': 'Unassigned',
      'call.directedCallPickupString': '*8',
      'tcpIpApp.sntp.gmtOffset': '3600',
      'tcpIpApp.sntp.daylightSavings.start.dayOfWeek': '1',
      'device.net.vlanId': '110',
    })
  })

  it('pins where it comes from, checks certificates and sets its password', () => {
    expect(Object.fromEntries(readPoly(renderFor('poly', { mac, settings: { lines: [LINE] } })))).toMatchObject({
      'device.prov.serverName': NEEDED.provisioningUrl.slice('https://'.length),
      'device.prov.serverType': 'HTTPS',
      'device.dhcp.bootSrvUseOpt': 'Static',
      'device.sec.TLS.prov.strictCertCommonNameValidation': '1',
      'device.auth.localAdminPassword': NEEDED.adminPassword,
      'voIpProt.SIP.specialEvent.checkSync.alwaysReboot': '0',
      'lineKey.reassignment.enabled': '0',
    })
  })

  it('counts weeks from the first day that can be one', () => {
    const all = readPoly(renderFor('poly', { mac, settings: { lines: [LINE], timezone: 'America/New_York' } }))
    expect(all.get('tcpIpApp.sntp.daylightSavings.start.date')).toBe('8')
    expect(all.get('tcpIpApp.sntp.daylightSavings.stop.date')).toBe('1')
    expect(all.get('tcpIpApp.sntp.gmtOffset')).toBe('-18000')
  })
})

describe('Snom', () => {
  const mac = '000413aabbcc'

  it('asks for its model, then for itself, in capitals', () => {
    expect(answer('snom', 'snomD785.htm')).toBe('bootstrap common')
    expect(answer('snom', 'snomD785-000413AABBCC.htm')).toBe('device first')
    expect(answer('snom', '000413AABBCC.xml')).toBe('device device')
    expect(answer('snom', 'snomD785-firmware.xml')).toBe('absent firmware')
    const { settings } = readSnom(renderBootstrapOf('snom', NEEDED.provisioningUrl))
    expect([...settings]).toEqual([['setting_server', `${NEEDED.provisioningUrl}{mac}.xml`]])
  })

  it('gets the same settings under both names', () => {
    const of = (file: string) => renderFor('snom', { file, mac, settings: DESK }).toString()
    expect(of('first')).toBe(of('device'))
  })

  it('reads account, keys and clock', () => {
    const { settings, keys } = readSnom(renderFor('snom', { model: 'D785', mac, settings: DESK }))
    expect(Object.fromEntries(settings)).toMatchObject({
      'user_active/1': 'on',
      'user_idle_text/1': 'Desk',
      'user_realname/1': 'Jo "J" <Doe> & Söhne',
      'user_name/1': LINE.user,
      'user_pname/1': LINE.authUser,
      'user_pass/1': LINE.password,
      'user_host/1': NEEDED.serverHost,
      'user_outbound/1': `${NEEDED.serverHost}:5061;transport=tls`,
      'user_savp/1': 'mandatory',
      'user_mailbox/1': '*97',
      'codec_priority_list/1': 'g722,pcma,telephone-event',
      'user_active/2': 'off',
      'user_active/12': 'off',
      utc_offset: '+3600',
      dst: '3600 03.05.07 02:00:00 10.05.07 03:00:00',
      vlan_id: '110',
    })
    expect(keys).toHaveLength(24)
    expect(keys.slice(0, 4)).toEqual([
      { context: 'active', label: '', argument: 'line' },
      { context: '1', label: 'Bob', argument: 'blf 1002|*8' },
      { context: '1', label: 'Taxi', argument: 'speed +4930123456' },
      { context: 'active', label: '', argument: 'line' },
    ])
  })

  it.each([
    ['D785', 'http_pass'],
    ['D862', 'webserver_admin_password'],
  ])('%s pins where it comes from and sets its password', (model, password) => {
    const { settings } = readSnom(renderFor('snom', { model, mac, settings: { lines: [LINE] } }))
    expect(Object.fromEntries(settings)).toMatchObject({
      setting_server: `${NEEDED.provisioningUrl}{mac}.xml`,
      pnp_config: 'off',
      admin_mode_password: NEEDED.adminPassword,
      [password]: NEEDED.adminPassword,
    })
    expect(settings.get('dhcp_options_on_ip_aquire')!.split(' ')).not.toContain('66')
  })

  it('refuses pressed digits in band, which no setting of it can say', () => {
    expect(() => renderFor('snom', { mac, settings: { lines: [LINE], dtmf: 'inband' } })).toThrow(/no dtmf inband/)
  })
})

it('every family asks again on NOTIFY in words of its own', () => {
  expect(familyOf('poly').resync).toEqual({ event: 'check-sync', challenges: false })
  expect(familyOf('snom').resync).toEqual({ event: 'check-sync;reboot=false', challenges: false })
})
