import { isIPv4 } from 'node:net'
import { type Command, Option } from 'commander'
import { AppError } from '../model/app-error.ts'
import { isLoopback } from '../model/host.ts'
import { splitBootAddress } from '../phones/boot-address.ts'
import { DHCP_SERVERS, type DhcpServer, NOWHERE, writeDhcp } from '../phones/dhcp/write-dhcp.ts'
import type { App, Run } from './app.ts'
import type { ExitCode } from './output.ts'

type Flags = { for: DhcpServer; address?: string }

/** `dhcp`: what a DHCP server has to tell phones that know nothing yet. */
export function addDhcp(program: Command, run: Run): void {
  program
    .command('dhcp')
    .addOption(new Option('--for <server>', 'whose language').choices(DHCP_SERVERS).default('dnsmasq'))
    .option('--address <ipv4>', 'of this server, for phones that take no name; OFFHOOK_PHONES_URL may hold it')
    .description('print configuration for a DHCP server that tells new phones where their files are')
    .action((flags: Flags) => run((app) => print(app, flags)))
}

async function print(app: App, { for: server, address }: Flags): Promise<ExitCode> {
  if (address !== undefined && !isIPv4(address))
    throw new AppError('input-invalid', '--address is not an IPv4 address.')
  const boot = splitBootAddress(app.phonesUrl(), address ?? null)
  const { text, leftOut } = writeDhcp(server, await app.families(), boot)
  if (isLoopback(boot.host)) app.output.progress(`warning: ${boot.url}/: ${NOWHERE}`)
  app.output.result({ server, url: boot.url, text, leftOut }, text.trimEnd())
  return 0
}
