/**
 * A crowd of phones that fetch one file over TFTP, in a process of its own: each on a fresh port, each asking again after
 * a second of silence. Takes one JSON argument ({@link LoadOrder}) and prints one JSON document ({@link LoadReport}).
 */
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { argv, stdout } from 'node:process'

export type LoadOrder = {
  port: number
  file: string
  /** A local copy that every transfer must equal. */
  expected: string
  transfers: number
  concurrent: number
  /** `blksize` to ask for; null asks for no option at all. */
  blockBytes: number | null
  /** How often a transfer that broke off is begun anew, the first time included; once if not said. */
  tries?: number
}

/** `restarts`: transfers begun anew; `retries`: packets sent again within one. */
export type LoadReport = { ms: number; failures: number; restarts: number; retries: number; p99Ms: number }

const PHONE_PATIENCE_MS = 1000
const ATTEMPTS = 6

const order = JSON.parse(argv[2] ?? '') as LoadOrder
const expected = readFileSync(order.expected)
const options = order.blockBytes === null ? '' : `blksize\0${order.blockBytes}\0tsize\u00000\0`
const request = Buffer.from(`\0\u0001${order.file}\0octet\0${options}`, 'latin1')
const { tries = 1 } = order
const durations: number[] = []
let retries = 0
let restarts = 0

/** One transfer, from its beginning as often as the phone has patience for. */
async function fetchPatiently(): Promise<boolean> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    if (attempt > 1) restarts++
    if (await fetchOnce()) return true
  }
  return false
}

/** One transfer; false when the server fell silent or the bytes differ. */
function fetchOnce(): Promise<boolean> {
  return new Promise((resolve) => {
    const beganAtMs = performance.now()
    let blockBytes = 512
    let received = 0
    let done = 0
    let last = request
    let serverPort = order.port
    let attempts = 1
    const socket = createSocket({
      type: 'udp4',
      lookup: (host, _options, callback) => {
        callback(null, host, 4)
      },
    })
    const send = () => {
      socket.send(last, serverPort, '127.0.0.1')
    }
    const finish = (ok: boolean) => {
      clearTimeout(patience)
      socket.close()
      durations.push(performance.now() - beganAtMs)
      resolve(ok)
    }
    const patience = setTimeout(() => {
      if (attempts++ === ATTEMPTS) {
        finish(false)
        return
      }
      retries++
      send()
      patience.refresh()
    }, PHONE_PATIENCE_MS)
    const acknowledge = (block: number) => {
      last = Buffer.of(0, 4, (block >> 8) & 0xff, block & 0xff)
      attempts = 1
      patience.refresh()
      send()
    }
    socket.on('message', (datagram, from) => {
      if (serverPort === order.port) serverPort = from.port
      else if (from.port !== serverPort) return
      const opcode = datagram.readUInt16BE(0)
      if (opcode === 6) {
        blockBytes = Number(/blksize\0(\d+)/i.exec(datagram.toString('latin1'))?.[1] ?? 512)
        acknowledge(0)
      } else if (opcode === 3 && datagram.readUInt16BE(2) === ((done + 1) & 0xffff)) {
        const size = datagram.length - 4
        if (expected.compare(datagram, 4, datagram.length, received, received + size) !== 0) {
          finish(false)
          return
        }
        received += size
        done++
        acknowledge(done)
        if (size < blockBytes) finish(received === expected.length)
      } else if (opcode === 5) finish(false)
    })
    socket.bind(0, '127.0.0.1')
    send()
  })
}

let left = order.transfers
let failures = 0
const beganAtMs = performance.now()
await Promise.all(
  Array.from({ length: order.concurrent }, async () => {
    while (left-- > 0) if (!(await fetchPatiently())) failures++
  }),
)
const ms = performance.now() - beganAtMs
durations.sort((a, b) => a - b)
const p99Ms = durations[Math.floor(durations.length * 0.99)] ?? 0
const report: LoadReport = { ms, failures, restarts, retries, p99Ms }
stdout.write(`${JSON.stringify(report)}\n`)
