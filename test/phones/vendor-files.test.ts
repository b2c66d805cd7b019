import { describe, expect, it } from 'vitest'
import { choose, identify } from '../../src/phones/identify.ts'
import { familyOf, families, LINE, NEEDED, renderBootstrapOf, renderFor } from './shipped.ts'
import { readDigium, readDigiumKeys } from './vendors/digium.ts'
import { readFanvil } from './vendors/fanvil.ts'
import { readHtek, readHtekKey } from './vendors/htek.ts'
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

describe('Fanvil', () => {
  const mac = '0c383eaabbcc'

  it('asks for the common file of its model, then for its own', () => {
    expect(answer('fanvil', 'F0V00X300000.cfg')).toBe('bootstrap common')
    expect(answer('fanvil', `${mac}.cfg`)).toBe('device device')
    expect(answer('fanvil', 'fanvil_x5u_v2_hwv2_0.txt')).toBe('device upgrade')
    const all = readFanvil(renderBootstrapOf('fanvil', 'http://192.0.2.1:8081/'))
    expect(all.get('ap/FlashServerIP')).toBe('http://192.0.2.1:8081')
    expect(all.get('ap/FlashFileName')).toBe('$mac.cfg')
    expect(all.get('ap/FlashProtocol')).toBe('4')
  })

  it('takes no address of a phone for the common file of a model', () => {
    expect(answer('fanvil', 'f01653abcdef.cfg')).toBe('device device')
  })

  it('reads account, keys and clock', () => {
    const all = Object.fromEntries(readFanvil(renderFor('fanvil', { model: 'X6U', mac, settings: DESK })))
    expect(all).toMatchObject({
      'sip/line.1/EnableReg': '1',
      'sip/line.1/PhoneNumber': LINE.user,
      'sip/line.1/DisplayName': 'Jo "J" <Doe> & Söhne',
      'sip/line.1/RegisterUser': LINE.authUser,
      'sip/line.1/RegisterPswd': LINE.password,
      'sip/line.1/RegisterPort': '5061',
      'sip/line.1/Transport': '3',
      'sip/line.1/MediaCrypto': '2',
      'sip/line.1/MWINum': '*97',
      'sip/line.1/VoiceCodecMap': 'G722,PCMA',
      'sip/line.2/EnableReg': '0',
      'sip/line.20/RegisterPswd': '',
      'dsskey/dssSide.1/Fkey.1/Value': 'SIP1',
      'dsskey/dssSide.1/Fkey.1/Title': 'Desk',
      'dsskey/dssSide.1/Fkey.2/Type': '1',
      'dsskey/dssSide.1/Fkey.2/Value': '1002@1/ba*81002',
      'dsskey/dssSide.1/Fkey.3/Value': '+4930123456@1/f',
      'dsskey/dssSide.1/Fkey.4/Type': '0',
      'dsskey/internal.5/Fkey.12/Type': '0',
      'phone/date/TimeZone': '4',
      'phone/date/DSTStartWday': '0',
      'phone/date/DSTStartWeek': '-1',
      'qos/VLANID': '110',
    })
  })

  it('pins where it comes from and sets its passwords', () => {
    expect(Object.fromEntries(readFanvil(renderFor('fanvil', { mac, settings: { lines: [LINE] } })))).toMatchObject({
      'ap/FlashServerIP': NEEDED.provisioningUrl.slice(0, -1),
      'ap/FlashProtocol': '5',
      'ap/pnp/PNPEnable': '0',
      'ap/opt/DHCPOption': '0',
      'web/account.1/Password': NEEDED.adminPassword,
      'phone/MenuPassword': NEEDED.adminPassword,
      'sip/NotifyReboot': '0',
    })
  })
})

describe.each([
  ['htek', 'UC924', '001fc1aabbcc'],
  ['sangoma-s', 'S500', '005058aabbcc'],
])('%s', (family, model, mac) => {
  it('must miss what comes before its own file, or it would stop there', () => {
    expect(answer(family, `cfg${mac}`)).toBe('absent binary')
    expect(answer(family, `cfg${mac}.xml`)).toBe('device device')
    expect(answer('htek', 'cfg0016.xml')).toBe('absent common')
  })

  it('reads accounts, keys and clock', () => {
    const second = { ...LINE, position: 2, user: '1002-acme', password: 'Second-passw0rd', expiresS: 600 }
    const settings = { ...DESK, lines: [...DESK.lines, second] }
    const all = readHtek(renderFor(family, { model, mac, settings }))
    expect(Object.fromEntries(all)).toMatchObject({
      P271: '1',
      P47: `${NEEDED.serverHost}:5061`,
      P130: '2',
      P20000: 'Desk',
      P35: LINE.user,
      P36: LINE.authUser,
      P34: LINE.password,
      P3: 'Jo "J" <Doe> & Söhne',
      P32: '60',
      P33: '*97',
      P183: '2',
      P57: '9',
      P58: '8',
      P62: '8',
      P401: '1',
      P735: '1002-acme',
      P734: 'Second-passw0rd',
      P732: '10',
      P501: '0',
      P506: '',
      P601: '0',
      P64: '49',
      P23119: '5',
      P23120: '0',
      P51: '110',
      P4745: '*8',
    })
    const key = (position: number) => readHtekKey(all, position)
    expect(key(1)).toEqual({ type: '1', value: '', label: 'Desk', account: '0', pickup: '' })
    expect(key(2)).toEqual({ type: '3', value: '1002', label: 'Bob', account: '0', pickup: '*8' })
    expect(key(3)).toEqual({ type: '2', value: '+4930123456', label: 'Taxi', account: '0', pickup: '' })
    expect(key(28)).toMatchObject({ type: '0', value: '' })
  })

  it('pins where it comes from, checks certificates and sets its password', () => {
    expect(Object.fromEntries(readHtek(renderFor(family, { mac, settings: { lines: [LINE] } })))).toMatchObject({
      P212: '3',
      P237: NEEDED.provisioningUrl,
      P145: '0',
      P20165: '0',
      P23377: '1',
      P2: NEEDED.adminPassword,
    })
  })
})

describe('Digium', () => {
  const mac = '000fd3aabbcc'

  it('asks for one file and by it for two more', () => {
    expect(answer('digium', `Digium/${mac}.cfg`)).toBe('device device')
    const { contacts, keys } = readDigium(renderFor('digium', { mac, settings: { ...DESK, srtp: 'off' } }))
    for (const [url, name] of [
      [contacts, 'contacts'],
      [keys, 'keys'],
    ] as const) {
      expect(url.startsWith(NEEDED.provisioningUrl)).toBe(true)
      expect(answer('digium', url.slice(NEEDED.provisioningUrl.length).replace(/\?.*$/, ''))).toBe(`device ${name}`)
    }
  })

  it('fetches the keys anew when one of them changes', () => {
    const url = (label: string) => {
      const keys = [{ ...DESK.keys[0]!, label }]
      return readDigium(renderFor('digium', { mac, settings: { ...DESK, srtp: 'off', keys } })).keys
    }
    expect(url('Bob')).toBe(url('Bob'))
    expect(url('Bob')).not.toBe(url('Rob'))
  })

  it('reads account and keys', () => {
    const settings = { ...DESK, srtp: 'off', outboundProxy: 'proxy.example.org:5071' }
    const { accounts, settings: all } = readDigium(renderFor('digium', { model: 'P325', mac, settings }))
    expect(accounts).toHaveLength(6)
    expect(accounts[0]).toMatchObject({
      account: {
        status: '1',
        username: LINE.user,
        authname: LINE.authUser,
        password: LINE.password,
        line_label: 'Desk',
        caller_id: 'Jo "J" <Doe> & Söhne',
        voicemail: `sip:*97@${NEEDED.serverHost}`,
      },
      host: { server: NEEDED.serverHost, port: '5061', transport: 'tls' },
      proxy: { server: 'proxy.example.org', port: '5071' },
    })
    expect(accounts[1]).toMatchObject({ account: { status: '0', register: '0' }, host: null })
    expect(Object.fromEntries(all)).toMatchObject({
      time_zone: 'Europe/Berlin',
      network_vlan_id: '110',
      allow_insecure_ssl: '0',
      enable_check_sync: '1',
    })
    const file = (name: string) => renderFor('digium', { model: 'P325', mac, file: name, settings })
    expect(readDigiumKeys(file('keys'), file('contacts')).slice(0, 3)).toEqual([
      { place: 'main 1', label: 'Bob', dial: '1002', watched: true },
      { place: 'main 2', label: 'Taxi', dial: '+4930123456', watched: false },
      { place: 'main 3' },
    ])
  })

  it('carries any label into the contact of its key and nowhere else', () => {
    const label = `"/></contacts> & <contact id="key-3" subscribe_to="x"`
    const settings = { lines: [LINE], keys: [{ ...DESK.keys[0]!, label }] }
    const file = (name: string) => renderFor('digium', { mac, file: name, settings })
    const [first, ...others] = readDigiumKeys(file('keys'), file('contacts'))
    expect(first).toEqual({ place: 'main 1', label, dial: '1002', watched: true })
    expect(others.every((key) => !('label' in key))).toBe(true)
  })

  it('makes a menu password of digits from any other', () => {
    const pin = (adminPassword: string) =>
      readDigium(renderFor('digium', { mac, settings: { lines: [LINE], adminPassword } })).settings.get(
        'login_password',
      )
    expect(pin('46810')).toBe('46810')
    expect(pin('aB-1')).toBe('7659')
  })

  it('refuses what would leave a call open', () => {
    const of = (settings: object) => () => renderFor('digium', { mac, settings: { lines: [LINE], ...settings } })
    expect(of({ srtp: 'required' })).toThrow(/no srtp required/)
    expect(of({ dtmf: 'info' })).toThrow(/no dtmf info/)
    expect(() => renderFor('digium', { model: 'D40', mac, settings: { lines: [LINE], transport: 'tls' } })).toThrow(
      /no transport tls/,
    )
  })
})

it.each([
  ['poly', 'check-sync'],
  ['snom', 'check-sync;reboot=false'],
  ['fanvil', 'check-sync;reboot=false'],
  ['htek', 'check-sync;reboot=false'],
  ['sangoma-s', 'check-sync;reboot=false'],
  ['digium', 'check-sync'],
])('%s fetches again when told %s, without a challenge', (family, event) => {
  expect(familyOf(family).resync).toEqual({ event, challenges: false })
})
