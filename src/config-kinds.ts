import { accessSync, constants, readdirSync } from 'node:fs'
import { isIP, isIPv4 } from 'node:net'
import { parseAmiUrl } from './asterisk/ami/address.ts'
import { trustProxies } from './http/client-address.ts'
import { parseSender } from './mail/sender.ts'
import { parseSmtpUrl } from './mail/smtp-address.ts'
import { isHostName, parseHost } from './model/host.ts'
import { parseAllowList } from './tftp/allow-list.ts'

/** What a variable holds. */
export type Kind =
  'text' | 'file' | 'folder' | 'address' | 'ipv4' | 'host' | 'url' | 'port' | 'networks' | 'proxies' | 'sender' | Sealed
type Sealed = 'secret' | 'database-url' | 'ami-url' | 'smtp-url'

/** Kinds whose values are never shown. */
export const SEALED: readonly Kind[] = ['secret', 'database-url', 'ami-url', 'smtp-url'] satisfies Sealed[]

/** What a value is not, in a complaint. */
export const KIND_WORDS: Record<Kind, string> = {
  text: 'text',
  file: 'a file that can be read',
  folder: 'a folder that can be read',
  address: 'an address or host name',
  ipv4: 'an IPv4 address of this machine',
  host: 'a host or host:port',
  url: 'an http:// or https:// address',
  port: 'a port number',
  networks: 'a list of networks such as 10.20.0.0/16',
  proxies: 'a list of addresses or networks such as 10.0.0.5',
  secret: 'at least 32 characters long',
  'database-url': 'a postgresql:// address',
  'ami-url': 'an address such as ami://user:secret@host:5038',
  'smtp-url': 'an address such as smtp://user:secret@host:587',
  sender: 'a sender such as Offhook <pbx@example.org>',
}

/** Whether a text is a value of that kind, as far as it shows without using it. */
export function isWellFormed(kind: Kind, value: string): boolean {
  switch (kind) {
    case 'text':
      return true
    case 'file':
      return succeeds(() => accessSync(value, constants.R_OK))
    case 'folder':
      return succeeds(() => readdirSync(value))
    case 'address':
      return isIP(value) !== 0 || isHostName(value.toLowerCase())
    case 'ipv4':
      return isIPv4(value) && value !== '0.0.0.0'
    case 'host':
      return typeof parseHost(value) === 'string'
    case 'port':
      return /^\d{1,5}$/.test(value) && Number(value) <= 65_535
    case 'url':
      return /^https?:$/.test(URL.parse(value)?.protocol ?? '')
    case 'networks':
      return succeeds(() => parseAllowList(splitList(value)))
    case 'proxies':
      return succeeds(() => trustProxies(splitList(value)))
    case 'secret':
      return value.length >= 32
    case 'database-url':
      return /^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '')
    case 'ami-url':
      return succeeds(() => parseAmiUrl(value))
    case 'smtp-url':
      return succeeds(() => parseSmtpUrl(value))
    case 'sender':
      return succeeds(() => parseSender(value))
  }
}

/** A list's parts, between blanks or commas. */
export function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** The parsers name what they refuse; here only the name of the variable is told. */
function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
