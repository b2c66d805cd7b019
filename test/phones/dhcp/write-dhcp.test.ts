import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { splitBootAddress } from '../../../src/phones/boot-address.ts'
import { DHCP_SERVERS, type DhcpServer, writeDhcp } from '../../../src/phones/dhcp/write-dhcp.ts'
import { groupPhones } from '../../../src/phones/dhcp/groups.ts'
import type { Family } from '../../../src/phones/family.ts'
import { bundle } from '../../support/debian/bundle.ts'
import { run } from '../../support/debian/run.ts'

const ADDRESSES = ['http://192.0.2.10:8081', 'https://phones.example.org/pbx/']

let families: Family[]
let folder: string
beforeAll(async () => {
  families = await loadFamilies()
  folder = await mkdtemp(join(tmpdir(), 'offhook-dhcp-'))
})
afterAll(() => rm(folder, { recursive: true }))

function write(server: DhcpServer, url: string, address: string | null = '192.0.2.10'): string {
  return writeDhcp(server, families, splitBootAddress(url, address)).text
}

/** Runs a program over a file of that text and returns what it complained about; empty: it was taken. */
async function load(text: string, program: string, args: (file: string) => string[]): Promise<string> {
  const file = join(folder, 'dhcp.conf')
  await writeFile(file, text)
  const { status, stdout, stderr } = await run(program, args(file), {
    KEA_PIDFILE_DIR: folder,
    KEA_LOCKFILE_DIR: 'none',
    KEA_LOGGER_DESTINATION: 'stderr',
  })
  return status === 0 ? '' : `${status}: ${stderr}${stdout}`
}

test.each(ADDRESSES)('dnsmasq takes what is written for %s, and refuses it when a line is spoilt', async (url) => {
  const dnsmasq = (await bundle('tools')).program('dnsmasq')
  const text = write('dnsmasq', url)
  expect(await load(text, dnsmasq, (file) => ['--test', `--conf-file=${file}`])).toBe('')
  const spoilt = text.replace(',66,"', ',no-such-option,"')
  expect(await load(spoilt, dnsmasq, (file) => ['--test', `--conf-file=${file}`])).not.toBe('')
})

test.each(ADDRESSES)('Kea takes what is written for %s, and refuses it when a test is spoilt', async (url) => {
  const kea = (await bundle('dhcp')).program('kea-dhcp4')
  const text = write('kea', url)
  expect(await load(text, kea, (file) => ['-t', file])).toBe('')
  expect(await load(text.replace('substring(', 'substrin('), kea, (file) => ['-t', file])).not.toBe('')
})

test.each(ADDRESSES)('dhcpd of ISC takes what is written for %s, and refuses it when a name is spoilt', async (url) => {
  const dhcpd = (await bundle('dhcp')).program('dhcpd')
  const text = write('isc', url)
  const args = (file: string) => ['-t', '-q', '-cf', file, '-lf', join(folder, 'leases'), '-pf', join(folder, 'pid')]
  await writeFile(join(folder, 'leases'), '')
  expect(await load(text, dhcpd, args)).toBe('')
  expect(await load(text.replace('option tftp-server-name', 'option tftp-servername'), dhcpd, args)).not.toBe('')
})

test.each(DHCP_SERVERS)('what is written for %s is what was agreed on', async (server) => {
  await expect(write(server, ADDRESSES[0]!)).toMatchFileSnapshot(`golden/${server}.txt`)
})

test.each(DHCP_SERVERS)('every maker that listens to DHCP is in what is written for %s', (server) => {
  const listening = families.filter(({ dhcp }) => dhcp !== null)
  expect(listening.length).toBeGreaterThan(20)
  const { groups } = groupPhones(families, splitBootAddress(ADDRESSES[0]!, null))
  const text = write(server, ADDRESSES[0]!)
  expect(groups.filter(({ name, title }) => !text.includes(name) && !text.includes(title))).toEqual([])
  const titles = groups.map(({ title }) => title).join(', ')
  expect(listening.filter(({ displayName }) => !titles.includes(displayName))).toEqual([])
})

test('phones that take nothing but an address are named when there is only a name', () => {
  const { text, leftOut } = writeDhcp('dnsmasq', families, splitBootAddress(ADDRESSES[1]!, null))
  expect(leftOut).toEqual([expect.stringContaining('--address') as string])
  expect(text).toContain(`# Left out: ${leftOut[0]!}`)
  expect(text).not.toContain(',150,')
})

test('an address at which every phone finds itself is no address', () => {
  const warning = 'No phone can reach that: set OFFHOOK_PHONES_URL to how phones reach this server.'
  expect(write('kea', 'http://127.0.0.1:8081')).toContain(`// ${warning}`)
  expect(write('kea', ADDRESSES[0]!)).not.toContain(warning)
})

test('an address of HTTPS is told as such where the maker has another word for it', () => {
  expect(write('dnsmasq', ADDRESSES[0]!)).toContain('"HTTPSRVR=192.0.2.10,HTTPPORT=8081"')
  expect(write('dnsmasq', ADDRESSES[1]!)).toContain('"TLSSRVR=phones.example.org,TLSPORT=443"')
})

test('quotes in an address end nothing', () => {
  const url = "http://192.0.2.10/a'b$c"
  expect(write('windows', url)).toContain("-Value 'http://192.0.2.10/a%27b$c/'")
  expect(write('mikrotik', url)).toContain(`value="s'http://192.0.2.10/a%27b\\$c/'"`)
})

test('a suboption of option 43 is its number, its length and its text', () => {
  const hex = Buffer.from('http://192.0.2.10:8081/').toString('hex')
  expect(write('mikrotik', ADDRESSES[0]!)).toContain(`code=43 value=0x0217${hex}`)
})
