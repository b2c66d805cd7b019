import type { lookup } from 'node:dns'
import { expect, test } from 'vitest'
import { lookUpOpen, openAddresses } from '../../src/jobs/open-addresses.ts'

const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111']
const CLOSED = [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
  ...['192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
  ...[
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
  ],
]

test.each(PUBLIC)('%s is open', (address) => expect(openAddresses([])(address)).toBe(true))
test.each([...CLOSED, '', 'localhost', '1.2.3'])('%s is closed', (address) => {
  expect(openAddresses([])(address)).toBe(false)
})

test('what is listed is open, and nothing beside it', () => {
  const isOpen = openAddresses(['10.20.0.0/16', 'fd00::5'])
  expect(['10.20.3.4', '::ffff:10.20.3.4', 'fd00::5', '8.8.8.8'].every(isOpen)).toBe(true)
  expect(['10.21.0.1', 'fd00::6', '127.0.0.1'].some(isOpen)).toBe(false)
  expect(() => openAddresses(['10.20.0.0/40'])).toThrow(RangeError)
})

/** A name server that gives these addresses. */
function answering(addresses: string[]): typeof lookup {
  const answer = (_host: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  return answer as unknown as typeof lookup
}

function resolve(addresses: string[], all: boolean): Promise<unknown> {
  return new Promise((done, fail) => {
    lookUpOpen(openAddresses([]), answering(addresses))('crm.example.org', { all }, (error, address) =>
      error ? fail(error) : done(address),
    )
  })
}

test('of a name that means several addresses only the open ones are connected to', async () => {
  expect(await resolve(['127.0.0.1', '8.8.8.8', '::1'], true)).toEqual([{ address: '8.8.8.8', family: 4 }])
  expect(await resolve(['127.0.0.1', '8.8.8.8'], false)).toBe('8.8.8.8')
  await expect(resolve(['127.0.0.1', 'fe80::1'], true)).rejects.toThrow(/not public/)
})
