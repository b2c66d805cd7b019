import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** What a phone shows and asks for; `mac` as 12 hex digits. */
export type Asking = { mac: string; vendorClass: string | null; wants: number[] }
/** The options of the offer by code, as hex digits; null: nobody offered anything. */
export type Offered = Record<string, string> | null

const BROADCAST = '255.255.255.255'
const WAIT_MS = 1000
const TRIES = 10

/**
 * Runs in a network namespace of its own: begins once a line says so, asks as each phone of that line does, and prints what
 * it was offered, as RFC 2131 has it.
 */
const socket = createSocket({ type: 'udp4' })
process.stdout.write('here\n')
for await (const line of createInterface({ input: process.stdin })) {
  if (socket.listenerCount('message') === 0) {
    socket.bind(68, '0.0.0.0')
    await once(socket, 'listening')
    socket.setBroadcast(true)
  }
  const offers: Offered[] = []
  for (const phone of JSON.parse(line) as Asking[]) offers.push(await ask(phone))
  process.stdout.write(`${JSON.stringify(offers)}\n`)
  break
}
socket.close()

async function ask(phone: Asking): Promise<Offered> {
  const transaction = Math.floor(Math.random() * 2 ** 32)
  const packet = encodeDiscover(phone, transaction)
  for (let tries = 0; tries < TRIES; tries++) {
    socket.send(packet, 67, BROADCAST)
    const offer = await hear(transaction)
    if (offer) return offer
  }
  return null
}

function hear(transaction: number): Promise<Offered> {
  return new Promise((resolve) => {
    const end = (offer: Offered) => {
      clearTimeout(timer)
      socket.off('message', receive)
      resolve(offer)
    }
    const timer = setTimeout(() => end(null), WAIT_MS)
    const receive = (packet: Buffer) => {
      if (packet[0] === 2 && packet.readUInt32BE(4) === transaction) end(decodeOptions(packet.subarray(240)))
    }
    socket.on('message', receive)
  })
}

/** RFC 2131 §2: fixed fields, the magic cookie, options. The flag asks for a broadcast, since no address is set up here. */
function encodeDiscover({ mac, vendorClass, wants }: Asking, transaction: number): Buffer {
  const fixed = Buffer.alloc(240)
  fixed.set([1, 1, 6, 0])
  fixed.writeUInt32BE(transaction, 4)
  fixed.writeUInt16BE(0x8000, 10)
  fixed.write(mac, 28, 'hex')
  fixed.writeUInt32BE(0x63825363, 236)
  const option = (code: number, bytes: Buffer) => Buffer.concat([Buffer.of(code, bytes.length), bytes])
  return Buffer.concat([
    fixed,
    option(53, Buffer.of(1)),
    option(55, Buffer.from([1, 3, ...wants])),
    option(57, Buffer.of(5, 220)),
    ...(vendorClass === null ? [] : [option(60, Buffer.from(vendorClass))]),
    Buffer.of(255),
  ])
}

function decodeOptions(bytes: Buffer): Record<string, string> {
  const options: Record<string, string> = {}
  for (let at = 0; at < bytes.length && bytes[at] !== 255;) {
    if (bytes[at] === 0) at++
    else {
      const length = bytes[at + 1]!
      options[bytes[at]!] = bytes.toString('hex', at + 2, at + 2 + length)
      at += 2 + length
    }
  }
  return options
}
