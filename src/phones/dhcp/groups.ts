import { type BootAddress, fillIn } from '../boot-address.ts'
import type { DhcpOption, Family } from '../family.ts'

/** One option as a server is to send it: text, or an IPv4 address in four bytes. */
export type SentOption = { code: number; suboption: number | null; value: string; isAddress: boolean }

/** Phones that a DHCP server tells the same thing, and how it knows them. */
export type PhoneGroup = {
  /** Fits names and tags of every server. */
  name: string
  title: string
  /** How option 60 begins; empty: by the prefixes. */
  vendorClasses: readonly string[]
  /** Of MAC addresses, in pairs of hex digits; empty where there is a vendor class. */
  prefixes: readonly string[]
  options: readonly SentOption[]
}

export type Grouping = { groups: PhoneGroup[]; /** A line for each family that got none, and why. */ leftOut: string[] }

/** Which phones get which options. Families of one vendor class that need the same become one group. */
export function groupPhones(families: readonly Family[], boot: BootAddress): Grouping {
  const groups = new Map<string, PhoneGroup>()
  const leftOut: string[] = []
  for (const family of families) {
    if (!family.dhcp) continue
    const { vendorClasses } = family.dhcp
    const options = readOptions(family.dhcp.options, boot)
    const prefixes = vendorClasses.length > 0 ? [] : family.ouis.filter((oui) => oui.length % 2 === 0)
    if (options === null) leftOut.push(`${family.displayName}: say the IPv4 address of this server with --address`)
    else if (vendorClasses.length + prefixes.length === 0)
      leftOut.push(`${family.displayName}: nothing tells its phones apart`)
    else {
      const key = JSON.stringify([vendorClasses, prefixes, options])
      const same = groups.get(key)
      if (same) groups.set(key, { ...same, title: `${same.title}, ${family.displayName}` })
      else
        groups.set(key, {
          ...{ name: `offhook-${family.name}`, title: family.displayName, vendorClasses, prefixes, options },
        })
    }
  }
  return { groups: [...groups.values()], leftOut }
}

/** Null where a value needs what is not known. */
function readOptions(options: readonly DhcpOption[], boot: BootAddress): SentOption[] | null {
  const wanted = options.filter(({ scheme }) => scheme === undefined || scheme === boot.scheme)
  const sent = wanted.map(({ code, suboption = null, value }) => {
    const filled = fillIn(value, boot)
    return filled === null ? null : { code, suboption, value: filled, isAddress: value === '{address}' }
  })
  return sent.includes(null) ? null : sent.filter((option) => option !== null)
}

/** `aa:bb:cc`. */
export function spellPrefix(prefix: string, separator: string): string {
  return prefix.match(/../g)!.join(separator)
}

/** The bytes of option 43 that hold one suboption of text, as hex digits (RFC 2132 §8.4). */
export function encodeSuboption({ suboption, value }: SentOption): string {
  const bytes = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at))
  return [suboption!, bytes.length, ...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
