import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ack, describePacket, RawClient, readRequest } from './raw-client.ts'
import { eventually, serveFiles, type TestServer } from './test-server.ts'

const files = { a: Buffer.alloc(1300, 'a'), b: Buffer.alloc(1300, 'b') }

let server: TestServer
let phone: RawClient

beforeEach(async () => {
  server = await serveFiles(files)
  phone = await RawClient.open()
})

afterEach(async () => {
  await phone.close()
  await server.close()
})

/** Acknowledges up to the last block and returns what came, without the block just received. */
async function fetchRest(from: number, port: number): Promise<string> {
  let text = ''
  for (let block = from; block <= 3; block++) {
    await phone.send(ack(block), port)
    if (block < 3) text += (await phone.next())!.packet.toString('latin1', 4)
  }
  return text
}

async function ask(file: string) {
  await phone.send(readRequest(file), server.port)
  const first = (await phone.next())!
  return { port: first.port, text: first.packet.toString('latin1', 4) }
}

describe('the same request again', () => {
  test('before the first ACK starts no second transfer', async () => {
    await phone.send(readRequest('a'), server.port)
    await phone.send(readRequest('a'), server.port)
    const first = (await phone.next())!
    expect(first.packet.toString('latin1', 4) + (await fetchRest(1, first.port))).toBe(files.a.toString())
    expect(await eventually(() => server.activeTransfers === 0)).toBe(true)
    expect(await phone.next(600)).toBeNull()
    expect(server.requests).toHaveLength(1)
  })

  test('in the middle leaves a transfer alone that goes on', async () => {
    const first = await ask('a')
    await phone.send(ack(1), first.port)
    const second = (await phone.next())!.packet.toString('latin1', 4)
    await phone.send(readRequest('a'), server.port)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(first.text + second + (await fetchRest(2, first.port))).toBe(files.a.toString())
    expect(await phone.next(600)).toBeNull()
    expect(server.lines.map((line) => line['outcome'])).toEqual(['served'])
  })

  test('in the middle, and then silence, is a phone that started anew: it is served before it asks once more', async () => {
    const first = await ask('a')
    await phone.send(ack(1), first.port)
    await phone.next()
    await phone.send(readRequest('a'), server.port)
    const anew = (await phone.next(900))!
    expect(describePacket(anew.packet)).toBe('DATA 1')
    expect(anew.port).not.toBe(first.port)
    expect(anew.packet.toString('latin1', 4) + (await fetchRest(1, anew.port))).toBe(files.a.toString())
  })

  test('right after the end is served again without delay', async () => {
    for (let round = 0; round < 200; round++) {
      const beganAtMs = performance.now()
      const first = await ask('a')
      expect(first.text + (await fetchRest(1, first.port))).toBe(files.a.toString())
      expect(performance.now() - beganAtMs).toBeLessThan(400)
    }
  })

  test('right after the end, from a client that is gone, causes one packet, no more and no line', async () => {
    const first = await ask('a')
    await fetchRest(1, first.port)
    await phone.send(readRequest('a'), server.port)
    expect(describePacket((await phone.next())?.packet)).toBe('DATA 1')
    expect(await eventually(() => server.activeTransfers === 0, 1000)).toBe(true)
    expect(await phone.next(600)).toBeNull()
    expect(server.lines).toHaveLength(1)
  })

  test('right after the end, with another request behind it, is dropped', async () => {
    for (let round = 0; round < 50; round++) {
      const first = await ask('a')
      await fetchRest(1, first.port)
      await Promise.all([phone.send(readRequest('a'), server.port), phone.send(readRequest('b'), server.port)])
      const next = (await phone.next())!
      expect(next.packet.toString('latin1', 4) + (await fetchRest(1, next.port))).toBe(files.b.toString())
    }
  })
})

test('a request for another file from the same port supersedes the transfer under way', async () => {
  const old = await ask('a')
  const next = await ask('b')
  expect(next.port).not.toBe(old.port)
  expect(next.text + (await fetchRest(1, next.port))).toBe(files.b.toString())
  expect(await phone.next(600)).toBeNull()
  expect(await eventually(() => server.lines.length === 2)).toBe(true)
  expect(server.lines.map((line) => line['outcome'])).toEqual(['superseded', 'served'])
})
