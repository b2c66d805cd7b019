import { expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { splitBootAddress } from '../../../src/phones/boot-address.ts'
import { groupPhones, type SentOption } from '../../../src/phones/dhcp/groups.ts'
import { writeDhcp } from '../../../src/phones/dhcp/write-dhcp.ts'
import { bundle } from '../../support/debian/bundle.ts'
import { playScene } from '../../tftp/namespace.ts'
import type { Asking, Offered } from './scenes/dhcp-phone.ts'
import type { LeaseOrder, LeaseReport } from './scenes/lease.ts'

const SERVERS = { dnsmasq: ['tools', 'dnsmasq'], isc: ['dhcp', 'dhcpd'], kea: ['dhcp', 'kea-dhcp4'] } as const
const CODES = [43, 66, 67, 114, 150, 160, 242]
const COMPUTER: Asking = { mac: '02bb00000001', vendorClass: 'MSFT 5.0', wants: CODES }

/** One phone a way of being known, and what it is to be told. */
async function listPhones() {
  const boot = splitBootAddress('http://192.0.2.10:8081', null)
  const { groups } = groupPhones(await loadFamilies(), boot)
  return groups.flatMap(({ name, vendorClasses, prefixes, options }, group) => [
    ...vendorClasses.map((begin, at) => {
      const mac = `02aa00${(group * 256 + at).toString(16).padStart(6, '0')}`
      return { name, options, asking: { mac, vendorClass: `${begin} X1`, wants: CODES } }
    }),
    ...prefixes.map((prefix) => {
      const mac = prefix.padEnd(12, '1')
      return { name, options, asking: { mac, vendorClass: null, wants: CODES } }
    }),
  ])
}

/** What stands in the packet: option 43 holds suboptions, a list of addresses four bytes each. */
function encode({ suboption, value, isAddress }: SentOption): string {
  if (isAddress) return Buffer.from(value.split('.').map(Number)).toString('hex')
  const text = Buffer.from(value)
  return Buffer.concat([suboption === null ? Buffer.of() : Buffer.of(suboption, text.length), text]).toString('hex')
}

/** dnsmasq ends 66 and 67 with a NUL and option 43 with its end mark (RFC 2132 §8.4), which phones overlook. */
function readOffer(offered: Offered): Record<string, string> {
  const told = Object.entries(offered ?? { none: '' }).filter(
    ([code]) => code === 'none' || CODES.includes(Number(code)),
  )
  return Object.fromEntries(
    told.map(([code, hex]) => [code, hex.replace({ 43: /ff$/, 66: /00$/, 67: /00$/ }[code] ?? /$^/, '')]),
  )
}

test.each(['dnsmasq', 'isc', 'kea'] as const)(
  'a real %s with what is written for it tells every phone its address, and a computer nothing',
  { timeout: 60_000 },
  async (server) => {
    const [package_, name] = SERVERS[server]
    const program = (await bundle(package_)).program(name)
    const { text } = writeDhcp(server, await loadFamilies(), splitBootAddress('http://192.0.2.10:8081', null))
    const phones = await listPhones()
    const order: LeaseOrder = { server, program, text, phones: [...phones.map(({ asking }) => asking), COMPUTER] }
    const { offers, said } = await playScene<LeaseReport>(
      new URL('scenes/lease.ts', import.meta.url),
      'table inet test { }',
      order,
    )
    const told = offers.map(readOffer)
    expect(told.at(-1), said).toEqual({})
    expect(told.slice(0, -1).map((offer, at) => ({ name: phones[at]!.name, ...offer }))).toEqual(
      phones.map(({ name, options }) => ({
        name,
        ...Object.fromEntries(options.map((option) => [option.code, encode(option)])),
      })),
    )
  },
)
