import { expect, test, vi } from 'vitest'
import { startPnpServer } from '../../src/pnp/server.ts'

test('an address that is not of this machine is named, and nothing stays open', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap')
  const start = startPnpServer({
    address: '192.0.2.1',
    addressOf: () => null,
    onTold: () => undefined,
    onStranger: () => undefined,
    log: { warn: () => undefined },
  })
  await expect(start).rejects.toMatchObject({
    code: 'pnp-unavailable',
    message: 'Phones cannot be heard by multicast on 192.0.2.1: EADDRNOTAVAIL',
  })
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap')
  await vi.waitFor(() => expect(open()).toEqual(before))
})
