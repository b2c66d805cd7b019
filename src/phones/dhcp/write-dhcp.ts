import { isLoopback } from '../../model/host.ts'
import type { BootAddress } from '../boot-address.ts'
import type { Family } from '../family.ts'
import { writeCiscoIos } from './cisco-ios.ts'
import { writeDnsmasq } from './dnsmasq.ts'
import { type Grouping, groupPhones, type PhoneGroup } from './groups.ts'
import { writeIsc } from './isc.ts'
import { writeKea } from './kea.ts'
import { writeMikrotik } from './mikrotik.ts'
import { writeWindows } from './windows.ts'

type Dialect = { comment: string; write: (groups: readonly PhoneGroup[]) => string[] }

const DIALECTS = {
  dnsmasq: { comment: '#', write: writeDnsmasq },
  kea: { comment: '//', write: writeKea },
  isc: { comment: '#', write: writeIsc },
  mikrotik: { comment: '#', write: writeMikrotik },
  'cisco-ios': { comment: '!', write: writeCiscoIos },
  windows: { comment: '#', write: writeWindows },
} as const satisfies Record<string, Dialect>

/** Of an address that is each phone’s own. */
export const NOWHERE = 'No phone can reach that: set OFFHOOK_PHONES_URL to how phones reach this server.'

export type DhcpServer = keyof typeof DIALECTS
export const DHCP_SERVERS = Object.keys(DIALECTS) as DhcpServer[]

/** Configuration that tells phones of all families where to fetch from, to be pasted into that of a DHCP server. */
export function writeDhcp(
  server: DhcpServer,
  families: readonly Family[],
  boot: BootAddress,
): { text: string } & Pick<Grouping, 'leftOut'> {
  const { groups, leftOut } = groupPhones(families, boot)
  const { comment, write } = DIALECTS[server]
  const head = [
    `Phones fetch their files from ${boot.url}/`,
    ...(isLoopback(boot.host) ? [NOWHERE] : []),
    ...leftOut.map((line) => `Left out: ${line}`),
  ]
  return { text: `${[...head.map((line) => `${comment} ${line}`), ...write(groups)].join('\n')}\n`, leftOut }
}
