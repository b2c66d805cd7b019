import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

// Below the range from which the kernel gives ports to clients (32768 and up), so that none turns up in between.
const LOWEST = 10_000
const HIGHEST = 32_000

/** Numbers of ports on 127.0.0.1 of which the first is free for both TCP and UDP, as are the `count - 1` after it. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = randomInt(LOWEST, HIGHEST - count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(async (port) => (await takesUdp(port)) && (await takesTcp(port))))
    if (free.every(Boolean)) return first
  }
  throw new Error(`no ${count} ports in a row are free on 127.0.0.1`)
}

function takesUdp(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = createSocket('udp4')
    socket.on('error', () => settle(false))
    socket.bind(port, '127.0.0.1', () => socket.close(() => settle(true)))
  })
}

function takesTcp(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer()
    server.on('error', () => settle(false))
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)))
  })
}
