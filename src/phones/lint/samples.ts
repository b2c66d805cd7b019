import { Secret } from '../../model/secret.ts'
import { baseLayers, resolveSettings, type LayerSettings } from '../layers.ts'
import { KEY_KINDS, type Settings } from '../settings.ts'
import { countKeys, type Family, type Model } from '../family.ts'

/** Settings that a linter renders: everything said, and next to nothing said. */
export function sampleSettings(family: Family, model: Model): { name: string; settings: Settings }[] {
  const samples: [string, LayerSettings][] = [
    ['full', fullSample(family, model, 0)],
    ['full with the next transport', fullSample(family, model, 1)],
    ['full with the last transport', fullSample(family, model, 2)],
    ['least', leastSample()],
  ]
  return samples.map(([name, settings]) => ({
    name,
    settings: resolveSettings([...baseLayers(family, model), { layer: 'device', settings }]).settings,
  }))
}

/** A MAC address of the family, or a locally administered one. */
export function sampleMac(family: Family): string {
  return (family.ouis[0] ?? '020000').padEnd(12, '0').replace(/0$/, '1')
}

const site = () => ({
  serverHost: 'pbx.example.org',
  adminPassword: new Secret('Adm1n-of-1-phone'),
  provisioningUrl: new Secret('https://phones.example.org/Abcdefghijklmnopqrstuv/'),
})

function leastSample(): LayerSettings {
  return {
    ...site(),
    provisioningUrl: new Secret('http://192.0.2.10:8081/Abcdefghijklmnopqrstuv/'),
    companyPhonebook: false,
  }
}

function fullSample(family: Family, model: Model, choice: number): LayerSettings {
  const said: Said = (map) => [...(family.values.get(map)?.keys() ?? [])]
  const allowed = (map: string, list: readonly string[]) =>
    said(map).filter((one) => list.length === 0 || list.includes(one))
  const pick: Pick = (list, fallback) => (list[choice % list.length] ?? fallback) as typeof fallback
  const count = (size: number) => Array.from({ length: size }, (_, index) => index + 1)
  return {
    ...site(),
    lines: count(Math.min(model.lines, 2)).map((position) => ({
      position,
      label: `Line ${position}`,
      displayName: 'Jo Doe',
      user: `100${position}-acme`,
      authUser: `100${position}-acme`,
      password: new Secret('Line-passw0rd'),
    })),
    keys: count(countKeys(model)).map((position) => ({
      position,
      kind: KEY_KINDS[position % KEY_KINDS.length]!,
      value: '1002',
      label: `Key ${position}`,
      line: 1,
    })),
    outboundProxy: 'proxy.example.org:5070',
    transport: pick(allowed('transport', model.transports), 'udp'),
    srtp: pick(allowed('srtp', model.srtp), 'off'),
    dtmf: pick(said('dtmf'), 'rfc4733'),
    voicemailNumber: '*97',
    pickupCode: '*8',
    timezone: 'Europe/Berlin',
    ntpServer: 'ntp.example.org',
    language: pick(said('language'), 'en'),
    userPassword: new Secret('User-passw0rd'),
    vlanId: 100,
    vlanPriority: 5,
    backupServer: 'pbx2.example.org',
    backupProxy: 'proxy2.example.org:5070',
    ...fullSite(said, pick),
    phonebooks: [{ name: 'Company', url: 'https://phones.example.org/book.xml' }],
    raw: Object.fromEntries(family.rawExamples.map((name) => [name, '1'])),
  }
}

type Said = (map: string) => readonly string[]
type Pick = <T extends string>(list: readonly string[], fallback: T) => T

function fullSite(said: Said, pick: Pick): LayerSettings {
  return {
    provisioningWindow: '02:00-05:30',
    fileKey: new Secret('Key0fThisSite123'),
    encryptFiles: true,
    mwiExpiresS: 1800,
    mwiTone: true,
    lldp: true,
    dot1x: pick(said('dot1x'), 'peap'),
    dot1xIdentity: 'phone-1',
    dot1xPassword: new Secret('Sw1tch-passw0rd'),
    toneCountry: pick(said('tone'), 'DE'),
    brightness: 60,
    backlightS: 60,
    screensaverS: 300,
    firmware: { version: '1.2.3', files: ['firmware-1.2.3.rom'] },
    ringtone: '0a1b2c3d/office.wav',
    wallpaper: '4e5f6071/office.png',
    powerSaving: true,
    paging: [{ group: '239.0.0.1', port: 10000, name: 'All' }],
    ringRules: [{ alertInfo: 'external', ring: 2 }],
    dndAllowed: false,
    forwardAllowed: false,
    webAccess: true,
    syslogServer: 'log.example.org',
    logLevel: pick(said('logLevel'), 'info'),
  }
}
