import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/model/app-error.ts'
import { Secret } from '../../src/model/secret.ts'
import { countKeys, type Family, type Model } from '../../src/phones/family.ts'
import type { LayerSettings } from '../../src/phones/layers.ts'
import { sampleMac, sampleSettings } from '../../src/phones/lint/samples.ts'
import { render, renderBootstrap } from '../../src/phones/render.ts'
import { type Settings, TRANSPORTS } from '../../src/phones/settings.ts'
import { families } from './shipped.ts'

/** The word is `undefined` because there is no other. */
const ONE_WORD = /has no (?:transport|srtp|dtmf) undefined/

/** Families without a map of them write the neutral words. */
const WORDS: Record<string, readonly string[]> = { transport: TRANSPORTS }

type Line = Settings['lines'][number]
type Key = Settings['keys'][number]

/** Another value than the one in the settings, for as long as there is another. */
const swap =
  <T>(one: T, other: T) =>
  (now: unknown) =>
    now === one ? other : one

/** What a person may say instead of what was said, by setting. `said` are the words that the family knows. */
const OTHERWISE: Record<string, (now: Settings, said: (map: string) => string[]) => LayerSettings> = {
  serverHost: () => ({ serverHost: 'other.example.org' }),
  serverPort: () => ({ serverPort: 5099 }),
  outboundProxy: () => ({ outboundProxy: 'elsewhere.example.org:5071' }),
  backupServer: () => ({ backupServer: 'backup.example.org:5072' }),
  backupProxy: () => ({ backupProxy: 'backup-proxy.example.org:5073' }),
  expiresS: () => ({ expiresS: 1200 }),
  voicemailNumber: () => ({ voicemailNumber: '*98' }),
  mwi: (now) => ({ mwi: !now.mwi }),
  codecs: (now) => ({ codecs: [...now.codecs].reverse() }),
  pickupCode: () => ({ pickupCode: '**7' }),
  timezone: () => ({ timezone: 'America/New_York' }),
  ntpServer: () => ({ ntpServer: 'clock.example.org' }),
  language: (now, said) => ({ language: said('language').find((one) => one !== now.language)! }),
  transport: (now, said) => ({
    transport: said('transport').find((one) => one !== now.transport) as Settings['transport'],
  }),
  srtp: (now, said) => ({
    srtp: said('srtp').find((one) => one !== now.srtp && said('srtp').length > 1) as Settings['srtp'],
  }),
  dtmf: (now, said) => ({ dtmf: said('dtmf').find((one) => one !== now.dtmf) as Settings['dtmf'] }),
  adminPassword: () => ({ adminPassword: new Secret('Another1ofThem') }),
  userPassword: () => ({ userPassword: new Secret('Another2ofThem') }),
  provisioningUrl: () => ({ provisioningUrl: new Secret('https://other.example.org/Bbcdefghijklmnopqrstuv/') }),
  provisioningIntervalMinutes: () => ({ provisioningIntervalMinutes: 2880, provisioningWindow: null }),
  provisioningWindow: () => ({ provisioningWindow: '22:15-23:45' }),
  fileKey: () => ({ fileKey: new Secret('Another5ofThem16') }),
  pinProvisioning: (now) => ({ pinProvisioning: !now.pinProvisioning }),
  verifyServer: (now) => ({ verifyServer: !now.verifyServer }),
  vlanId: () => ({ vlanId: 222 }),
  vlanPriority: () => ({ vlanPriority: 3 }),
  mwiExpiresS: () => ({ mwiExpiresS: 7200 }),
  mwiTone: () => ({ mwiTone: false }),
  lldp: () => ({ lldp: false }),
  dot1x: (now, said) => ({ dot1x: said('dot1x').find((one) => one !== now.dot1x) as Settings['dot1x'] }),
  dot1xIdentity: () => ({ dot1xIdentity: 'phone-2', ...onPort }),
  dot1xPassword: () => ({ dot1xPassword: new Secret('Another3ofThem'), ...onPort }),
  toneCountry: (now, said) => ({ toneCountry: said('tone').find((one) => one !== now.toneCountry)! }),
  brightness: () => ({ brightness: 20 }),
  backlightS: () => ({ backlightS: 1800 }),
  screensaverS: () => ({ screensaverS: 7200 }),
  powerSaving: () => ({ powerSaving: false }),
  paging: () => ({ paging: [{ group: '239.9.9.9', port: 10010, name: 'Attic' }] }),
  ringRules: () => ({ ringRules: [{ alertInfo: 'boss', ring: 4 }] }),
  dndAllowed: () => ({ dndAllowed: true }),
  forwardAllowed: () => ({ forwardAllowed: true }),
  webAccess: () => ({ webAccess: false }),
  syslogServer: () => ({ syslogServer: 'other-log.example.org' }),
  logLevel: (now, said) => ({ logLevel: said('logLevel').find((one) => one !== now.logLevel) as Settings['logLevel'] }),
  firmware: () => ({ firmware: { version: '9.9.9', files: ['other-9.9.9.rom'] } }),
  ringtone: () => ({ ringtone: '99999999/other.wav' }),
  wallpaper: () => ({ wallpaper: '99999999/other.png' }),
  companyPhonebook: (now) => ({ companyPhonebook: !now.companyPhonebook }),
  phonebooks: () => ({ phonebooks: [{ name: 'Other', url: 'https://books.example.org/other/phonebook.xml' }] }),
  raw: () => ({}),
  lines: () => ({ lines: [] }),
  keys: () => ({ keys: [] }),
}
const onPort = { dot1x: 'eap_md5' } as const

const LINE_OTHERWISE: Partial<Record<keyof Line, unknown>> = {
  label: 'Other label',
  displayName: 'Other name',
  user: '4711-acme',
  authUser: '4712-acme',
  password: new Secret('Another4ofThem'),
}
const KEY_OTHERWISE: Partial<Record<keyof Key, (key: Key) => unknown>> = {
  kind: (key) => swap('blf', 'speed_dial')(key.kind),
  value: () => '4713',
  label: () => 'Other key',
  line: () => 2,
}

function otherwise(family: Family, setting: string, now: Settings): Settings {
  // Words that a family writes alike count once.
  const said = (map: string) => {
    const words = [...(family.values.get(map)?.entries() ?? (WORDS[map] ?? []).map((word) => [word, word] as const))]
    return [...new Map(words.map(([word, code]) => [code, word])).values()]
  }
  const [list, inner] = setting.split('.') as [string, string | undefined]
  if (list === 'lines' && inner)
    return { ...now, lines: now.lines.map((line) => ({ ...line, [inner]: LINE_OTHERWISE[inner as keyof Line] })) }
  if (list === 'keys' && inner)
    return { ...now, keys: now.keys.map((key) => ({ ...key, [inner]: KEY_OTHERWISE[inner as keyof Key]!(key) })) }
  if (setting === 'raw') return { ...now, raw: Object.fromEntries(family.rawExamples.map((name) => [name, '2'])) }
  const change = OTHERWISE[setting]
  if (!change) throw new Error(`This test does not know how ${setting} can be otherwise`)
  return { ...now, ...(change(now, said) as Partial<Settings>) }
}

/** All that a phone of this model gets. */
function renderAll(family: Family, model: Model, settings: Settings): string {
  const mac = sampleMac(family)
  return family.files
    .filter(({ kind }) => kind === 'device' || kind === 'bootstrap')
    .map((file) =>
      file.kind === 'device'
        ? render(family, file, { settings, mac, model })
        : renderBootstrap(family, file, settings.provisioningUrl),
    )
    .join('\n')
}

/** The models that differ in more than their name, the one with most keys first. */
function listKinds(family: Family): Model[] {
  const kinds = Map.groupBy(family.models.values(), (model) => JSON.stringify({ ...model, name: '' }))
  return [...kinds.values()].map(([model]) => model!).sort((a, b) => countKeys(b) - countKeys(a))
}

/** What some settings stand behind: a port that a proxy has, too; a label that a key has, too. */
const ASIDE: readonly ((now: Settings) => Partial<Settings>)[] = [
  () => ({}),
  () => ({ outboundProxy: null, backupProxy: null }),
  () => ({ keys: [] }),
  () => ({ companyPhonebook: false }),
  ({ lines }) => ({ lines: lines.map((line) => ({ ...line, serverHost: `pbx${line.position}.example.org` })) }),
]

function isSeen(family: Family, setting: string): boolean {
  return listKinds(family).some((model) =>
    sampleSettings(family, model).some(({ settings }) =>
      ASIDE.some((aside) => {
        const now = { ...settings, ...aside(settings) }
        const before = renderAll(family, model, now)
        try {
          return renderAll(family, model, otherwise(family, setting, now)) !== before
        } catch (error) {
          // Where a family knows one word only, every other one is refused.
          if (error instanceof AppError && ONE_WORD.test(error.message)) return true
          throw error
        }
      }),
    ),
  )
}

describe.each(families.map((family) => [family.name, family] as const))('%s', (_, family) => {
  // That its file is encrypted is nothing that the file says; test/boot/encrypted-files.test.ts fetches such files.
  const said = family.supports.filter((name) => name !== 'encryptFiles')
  it.each(said)('writes other bytes when %s is another', (setting) => {
    expect(isSeen(family, setting)).toBe(true)
  })
})
