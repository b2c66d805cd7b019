import { z } from 'zod'
import { Fault } from '../model/fault.ts'
import { parseLanguage } from '../model/language.ts'
import { parseTimeZone } from '../model/time-zone.ts'
import { dialled, host, hostAndPort, port, secret, setting, sipUser, text, url } from './setting-types.ts'
import { SITE_DEFAULTS, siteSettings } from './site-settings.ts'
import { STORED_DEFAULTS, storedSettings } from './stored-settings.ts'

// The vendor-neutral words in which a phone is described. Templates read these and nothing else; a vendor's own
// spelling of a value stands in that family's value maps.

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export const SRTP_MODES = ['off', 'optional', 'required'] as const
export const DTMF_MODES = ['rfc4733', 'info', 'inband'] as const
export const CODECS = ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'ilbc', 'g726'] as const
export const KEY_KINDS = 'line blf speed_dial park pickup intercom dnd forward url'.split(' ') as readonly KeyKind[]
export type KeyKind = 'line' | 'blf' | 'speed_dial' | 'park' | 'pickup' | 'intercom' | 'dnd' | 'forward' | 'url'

/** What holds for every line of a device and may be said otherwise for one of them. */
const lineWide = {
  serverHost: setting('host', 'Where the phone registers', host),
  serverPort: setting('port | null', 'Port of the server; null: 5061 for TLS, else 5060', port.nullable()),
  outboundProxy: setting('host[:port] | null', 'Proxy that every request goes through', hostAndPort.nullable()),
  backupServer: setting('host[:port] | null', 'Server for when the first one does not answer', hostAndPort.nullable()),
  backupProxy: setting('host[:port] | null', 'Proxy for when the first one does not answer', hostAndPort.nullable()),
  transport: setting('udp | tcp | tls', 'Transport of SIP', z.enum(TRANSPORTS)),
  srtp: setting('off | optional | required', 'Encryption of media', z.enum(SRTP_MODES)),
  dtmf: setting('rfc4733 | info | inband', 'How pressed digits travel in a call', z.enum(DTMF_MODES)),
  expiresS: setting('seconds', 'How long a registration is asked to last', z.int().min(60).max(86_400)),
  voicemailNumber: setting('number | null', 'What the message key dials', dialled.nullable()),
  mwi: setting('true | false', 'Whether the phone subscribes to the message lamp', z.boolean()),
}

const position = setting('number from 1', 'Slot on the phone', z.int().min(1).max(512))

export const lineSchema = z.strictObject({
  position,
  label: setting('text', 'What the phone shows beside the line key', text.min(1)),
  displayName: setting('text', 'What called parties see', text.min(1)),
  user: setting('SIP user', 'User part of the address of record', sipUser),
  authUser: setting('SIP user', 'User name of digest authentication', sipUser),
  password: setting('secret', 'Password of digest authentication', secret),
  ...z.object(lineWide).partial().shape,
})

export const keySchema = z.strictObject({
  position,
  kind: setting(KEY_KINDS.join(' | '), 'What the key does', z.enum(KEY_KINDS)),
  value: setting('text | null', 'Number, extension or address that the key works on', text.nullable()),
  label: setting('text | null', 'What the phone shows beside the key', text.nullable()),
  line: setting('number from 1', 'Line that the key uses', z.int().min(1).max(512)),
})

export const settingsSchema = z.strictObject({
  lines: setting('list by position', 'Account slots of the device', z.array(lineSchema)),
  keys: setting('list by position', 'Programmable keys of the device', z.array(keySchema)),
  ...lineWide,
  codecs: setting(
    `list of ${CODECS.join(' | ')}`,
    'Audio codecs, the preferred one first',
    z.array(z.enum(CODECS)).min(1),
  ),
  pickupCode: setting(
    'number | null',
    'Dialled before an extension to take a call that rings there',
    dialled.nullable(),
  ),
  timezone: setting('IANA time zone', 'Clock of the phone', z.string().refine(isZone, 'is not a time zone')),
  ntpServer: setting('host | null', 'Time server; null: what DHCP says', host.nullable()),
  language: setting('BCP 47 tag', 'Language of the display', z.string().refine(isLanguage, 'is not a language')),
  adminPassword: setting('secret', "Password of the phone's administrator, random for each device", secret),
  userPassword: setting('secret | null', "Password of the phone's user on its web page", secret.nullable()),
  provisioningUrl: setting('secret address with a closing slash', 'Where the phone fetches its files', secret),
  provisioningIntervalMinutes: setting('minutes', 'How often the phone asks for its file', z.int().min(5).max(43_200)),
  pinProvisioning: setting(
    'true | false',
    'Whether DHCP and multicast stop deciding where files come from',
    z.boolean(),
  ),
  verifyServer: setting('true | false', "Whether the phone checks the servers' certificates", z.boolean()),
  vlanId: setting(
    '1..4094 | null',
    'VLAN of the phone; null: none, also where one was entered at the phone. Unless said: as the phone has it',
    z.int().min(1).max(4094).nullable(),
  ).optional(),
  vlanPriority: setting('0..7', '802.1p priority in that VLAN', z.int().min(0).max(7)),
  ...siteSettings,
  ...storedSettings,
  companyPhonebook: setting(
    'true | false',
    'Whether the phone gets the directory of its company: people, groups, contacts',
    z.boolean(),
  ),
  phonebooks: setting('list', 'Further remote directories', z.array(z.strictObject({ name: text.min(1), url }))),
  raw: setting(
    'vendor name: text',
    'Settings in the words of the vendor, appended as they are',
    z.record(text, z.union([text, secret])),
  ),
})

export type Settings = z.infer<typeof settingsSchema>
export type Line = z.infer<typeof lineSchema>
export type Key = z.infer<typeof keySchema>
export type SettingName = keyof Settings
/** Names that a line may say otherwise than its device. */
export const LINE_WIDE_NAMES = Object.keys(lineWide) as readonly (keyof typeof lineWide)[]

/** Starting point of every device. What has no sensible start (server, passwords, addresses) is missing. */
export const DEFAULT_SETTINGS = {
  lines: [],
  keys: [],
  serverPort: null,
  outboundProxy: null,
  backupServer: null,
  backupProxy: null,
  transport: 'udp',
  srtp: 'off',
  dtmf: 'rfc4733',
  expiresS: 3600,
  voicemailNumber: null,
  mwi: true,
  codecs: ['opus', 'g722', 'pcma', 'pcmu'],
  pickupCode: null,
  timezone: 'UTC',
  ntpServer: null,
  language: 'en',
  userPassword: null,
  provisioningIntervalMinutes: 1440,
  pinProvisioning: true,
  verifyServer: true,
  // Neither a number nor null: what was entered at a phone, or came by LLDP, must outlive its first file.
  vlanId: undefined,
  vlanPriority: 0,
  ...SITE_DEFAULTS,
  ...STORED_DEFAULTS,
  companyPhonebook: true,
  phonebooks: [],
  raw: {},
} as const satisfies Partial<Settings>

function isZone(value: string): boolean {
  return !(parseTimeZone(value) instanceof Fault)
}

function isLanguage(value: string): boolean {
  return !(parseLanguage(value) instanceof Fault)
}
