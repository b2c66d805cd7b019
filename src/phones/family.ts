import type { FileCipher } from '../model/file-cipher.ts'
import type { BookShape } from './book/book.ts'
import type { Format } from './formats/format.ts'
import type { LayerSettings } from './layers.ts'
import type { RingtoneRule, WallpaperRule } from './media.ts'

/**
 * `device`: holds accounts, needs a known device. `bootstrap`: the same bytes for everyone, no secrets, only where to
 * go on. `book`: a phonebook, the same bytes for every phone of a tenant. `absent`: phones ask for it and get the same
 * answer as for a file that nobody knows.
 */
export type FileKind = 'device' | 'bootstrap' | 'book' | 'absent'

export type FamilyFile = {
  name: string
  kind: FileKind
  /** Anchored, case-insensitive; the group `mac` holds 12 hex digits where the name carries them. */
  pattern: RegExp
  examples: readonly string[]
  /** Empty for `absent`. */
  template: string
  format: string
  contentType: string
  /** Of a `book`. */
  book?: BookShape
}

export type UserAgentExample = {
  text: string
  model?: string | undefined
  firmware?: string | undefined
  mac?: string | undefined
}
export type UserAgentPattern = { pattern: RegExp; examples: readonly UserAgentExample[] }

/** A product. What it does not say itself comes from the model that it is `like`. */
export type Model = {
  name: string
  /** What is on its box, where that is not what it says itself: a package with another handset. */
  alsoCalled: readonly string[]
  /** Account slots. */
  lines: number
  /** Programmable keys of the phone itself that the family's templates can address. */
  keys: number
  /** Modules that can stand beside it and the keys of each: they count on from the phone's own. */
  expansion: { modules: number; keys: number }
  screen: 'none' | 'mono' | 'color' | 'touch'
  codecs: readonly string[]
  transports: readonly string[]
  srtp: readonly string[]
  /** What its keys can be; none: whatever its family knows. */
  keyKinds: readonly string[]
  /** Facts that only this family's templates know the meaning of. */
  options: Readonly<Record<string, string | number | boolean>>
  defaults: LayerSettings
  /** The size of its wallpaper in pixels; null: it shows none. */
  wallpaper: { width: number; height: number } | null
  /** What neither it nor what it is like tells: no module, no screen and all that the family knows are guesses. */
  unsaid: readonly string[]
}

/** How a phone of this family is told to fetch again while it is registered; null: it cannot be told. */
export type Resync = {
  /** Value of the Event header of the NOTIFY. */
  event: string
  /** Whether the phone challenges the NOTIFY, so that Asterisk needs credentials for the way out. */
  challenges: boolean
}

/**
 * What a DHCP server tells its phones. Of the values `{url}`, `{host}`, `{port}` and `{address}` are filled in; other
 * braces and dollars are the vendor's own and read by the phone.
 */
export type Dhcp = {
  /** How option 60 of its phones begins. */
  vendorClasses: readonly string[]
  options: readonly DhcpOption[]
}
/** `scheme`: only for an address of that kind. */
export type DhcpOption = {
  code: number
  suboption?: number | undefined
  value: string
  scheme?: 'http' | 'https' | undefined
}

/** Where a certificate that the maker puts into each phone holds its MAC address. */
export type CertificateRule = {
  /** Of the subject, by its short name: `CN`. */
  field: string
  /** The whole field; the group `mac` holds 12 hex digits. */
  pattern: RegExp
  examples: readonly string[]
  /** What stands there in certificates that many phones share, and that prove nothing. */
  generic: readonly string[]
}

/** How a phone can be asked for a password over HTTP (RFC 7616, RFC 7617). */
export type HttpLogin = 'digest-sha256' | 'digest-md5' | 'basic'

export type GoldenCase = {
  name: string
  model: string | null
  mac: string | null
  settings: LayerSettings
  /** Requested file name to the bytes that must come out. */
  files: ReadonlyMap<string, string>
}

/** Renders a template over the strict view of settings; see render.ts. */
export type Template = { source: string; run: (view: object) => string }

export type Family = {
  /** Name of its folder. */
  name: string
  displayName: string
  /** The same text in all families of one maker. */
  maker: string
  /** Lower-case prefixes of MAC addresses, 6 or more hex digits. */
  ouis: readonly string[]
  userAgents: readonly UserAgentPattern[]
  files: readonly FamilyFile[]
  formats: ReadonlyMap<string, Format>
  /** Neutral value to vendor code, by map name. */
  values: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Names of the settings that reach the phone. */
  supports: readonly string[]
  /** Whether it registers where a server offers SHA-256 beside MD5. */
  sha256: boolean
  resync: Resync | null
  /** Null: it has no DHCP client that listens, or nothing is known of it. */
  dhcp: Dhcp | null
  /** Null: it has none, or what stands in it is not known. */
  certificate: CertificateRule | null
  /** What it understands, in the order that it is offered. */
  httpLogin: readonly HttpLogin[]
  /** How it expects its own file encrypted; null: not at all. */
  encryption: FileCipher | null
  /** What an installer does at its phones, where no file can tell them their address; `tftp`: where TFTP is refused. */
  installer: { steps: string; tftp?: string | undefined } | null
  /** What its phones are told when they ask by multicast, in the form of a DHCP value. */
  pnp: string
  /** How its app is set up by a picture, null: it cannot be. `needsAccount`: a tenant must have an account at its maker. */
  link: { picture: string; tap: string; needsAccount: boolean } | null
  /** What names a raw setting may have; null: none may be given. */
  rawName: RegExp | null
  rawExamples: readonly string[]
  /** What the files of its firmware are called; null: it takes none from a server that we know of. */
  firmwareName: RegExp | null
  firmwareExamples: readonly string[]
  ringtone: RingtoneRule | null
  wallpaper: WallpaperRule | null
  defaults: LayerSettings
  models: ReadonlyMap<string, Model>
  /** Stands in for a device whose model is not known. */
  fallbackModel: string
  templates: ReadonlyMap<string, Template>
  goldens: readonly GoldenCase[]
  /** Relative paths of everything in its folder. */
  paths: readonly string[]
}

/** The keys of a phone with every module that it can have. */
export function countKeys({ keys, expansion }: Model): number {
  return keys + expansion.modules * expansion.keys
}

/** An app or a program on a computer: its files carry no MAC address. */
export function isSoftphone({ files }: Family): boolean {
  return !files.some(({ kind, pattern }) => kind === 'device' && pattern.source.includes('?<mac>'))
}

/** The model of that name in any case, else the family's fallback. */
export function findModel(family: Family, name: string | null): Model {
  const wanted = name?.toLowerCase()
  const found = [...family.models.values()].find((model) => model.name.toLowerCase() === wanted)
  return found ?? family.models.get(family.fallbackModel)!
}
