import type { AskPatiently } from './ask-patiently.ts'
import type { CloudLogin, Connector } from './connector.ts'
import { connectFanvil } from './fanvil-fdps.ts'
import { connectGigaset } from './gigaset.ts'
import { connectGdms } from './grandstream-gdms.ts'
import { connectHawk } from './hawk-redirect.ts'
import { connectPoly } from './poly-ztp.ts'
import type { Wire } from './wire.ts'
import { connectYealinkRps } from './yealink-rps.ts'
import { connectYmcs } from './yealink-ymcs.ts'

/** `meaning` is for people; `form` is what a value must look like. */
export type CloudOption = { meaning: string; form: RegExp; example: string; required?: boolean; fallback?: string }

/** A maker's redirect service: what an account of it is made of, and what it can do. */
export type Cloud = {
  /** As the first part of the names of the maker's phone families. */
  maker: string
  title: string
  /** Secrets that an account needs. */
  login: readonly string[]
  /** Which of them says whose account it is. */
  user: string
  options: Readonly<Record<string, CloudOption>>
  /** Addresses by region; with one alone there is no choice. Without a closing slash. */
  urls: Readonly<Record<string, string>>
  /**
   * Whether an address that holds a phone's token may be kept there: only where each phone has an address of its own, which
   * is handed to nobody but a phone that proves with its factory certificate which one it is. NOTES.md says why for each.
   */
  mayHoldToken: boolean
  /** Phones in one go. */
  batch: number
  connect: (account: CloudLogin, wire: Wire, ask?: AskPatiently) => Connector
}

const YES_NO = { form: /^(?:yes|no)$/, example: 'no' }
const MAC_ONLY = { ...YES_NO, meaning: 'register by MAC address alone, where the maker has agreed to it' }

export const CLOUDS = {
  'yealink-ymcs': {
    ...{ maker: 'yealink', title: 'Yealink Management Cloud (YMCS)', user: 'access-key-id' },
    login: ['access-key-id', 'access-key-secret'],
    options: { 'mac-only': MAC_ONLY },
    urls: {
      us: 'https://us-api.ymcs.yealink.com',
      eu: 'https://eu-api.ymcs.yealink.com',
      au: 'https://au-api.ymcs.yealink.com',
    },
    ...{ mayHoldToken: true, batch: 100, connect: connectYmcs },
  },
  'yealink-rps': {
    ...{ maker: 'yealink', title: 'Yealink RPS, the older interface', user: 'user', login: ['user', 'password'] },
    options: { server: { meaning: 'entry of a server there', form: /^[\w .-]{1,20}$/, example: 'offhook' } },
    urls: { world: 'https://api-dm.yealink.com:8443/xmlrpc' },
    ...{ mayHoldToken: true, batch: 20, connect: connectYealinkRps },
  },
  'snom-sraps': {
    ...{ maker: 'snom', title: 'Snom SRAPS', user: 'key-id', login: ['key-id', 'key-secret'], options: {} },
    urls: { world: 'https://api.sraps.snom.com/api/v1' },
    ...{ mayHoldToken: false, batch: 20 },
    connect: (account, wire, ask) => connectHawk(account, wire, { maker: 'Snom', setting: 'setting_server' }, ask),
  },
  'grandstream-gdms': {
    ...{ maker: 'grandstream', title: 'Grandstream GDMS', user: 'user' },
    login: ['api-id', 'secret-key', 'user', 'password'],
    options: {
      site: {
        meaning: 'number of the site that phones are put into',
        form: /^\d{1,12}$/,
        example: '3345',
        required: true,
      },
      org: { meaning: 'number of the organization, unless it is the first', form: /^\d{1,12}$/, example: '17' },
    },
    urls: { us: 'https://www.gdms.cloud', eu: 'https://eu.gdms.cloud' },
    ...{ mayHoldToken: false, batch: 50, connect: connectGdms },
  },
  'poly-ztp': {
    ...{ maker: 'poly', title: 'Poly Zero Touch Provisioning', user: 'api-key', login: ['api-key'] },
    options: { profile: { meaning: 'profile there; made when absent', form: /^.{1,100}$/, example: 'Offices' } },
    urls: { world: 'https://api.ztp.poly.com/v1' },
    ...{ mayHoldToken: false, batch: 20, connect: connectPoly },
  },
  'fanvil-fdps': {
    ...{ maker: 'fanvil', title: 'Fanvil FDPS', user: 'user', login: ['user', 'password'], options: {} },
    urls: { world: 'https://fdps.fanvil.com/xmlrpc.php' },
    ...{ mayHoldToken: false, batch: 20, connect: connectFanvil },
  },
  'gigaset-redirect': {
    ...{ maker: 'gigaset', title: 'Gigaset redirect server', user: 'user', login: ['user', 'password'] },
    options: {
      'mac-only': MAC_ONLY,
      provider: { meaning: 'name of the provider there', form: /^.{1,100}$/, example: 'Offhook', fallback: 'Offhook' },
    },
    urls: { world: 'https://prov.gigaset.net/apxml/rpc.do' },
    ...{ mayHoldToken: false, batch: 20, connect: connectGigaset },
  },
  'gigaset-grape': {
    ...{ maker: 'gigaset', title: 'Gigaset GRAPE', user: 'key-id', login: ['key-id', 'key-secret'], options: {} },
    urls: { world: 'https://api.grape.gigaset.net/api/v1' },
    ...{ mayHoldToken: false, batch: 20 },
    connect: (account, wire, ask) =>
      connectHawk(account, wire, { maker: 'Gigaset', setting: 'ProvisioningServer' }, ask),
  },
} as const satisfies Record<string, Cloud>

export type CloudName = keyof typeof CLOUDS

export const CLOUD_NAMES = Object.keys(CLOUDS) as CloudName[]

export function isCloudName(text: string): text is CloudName {
  return Object.hasOwn(CLOUDS, text)
}

export function cloudOf(name: CloudName): Cloud {
  return CLOUDS[name]
}
