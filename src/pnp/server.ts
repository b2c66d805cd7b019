import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { AppError } from '../model/app-error.ts'
import type { Log } from '../model/log.ts'
import { DEFAULT_LIMITS, type PnpLimits } from './limits.ts'
import { Responder, type ResponderOptions } from './responder.ts'

/** RFC 3261 §18.1.1: all SIP servers listen there. */
export const PNP_GROUP = '224.0.1.75'
const PNP_PORT = 5060
/** A building that starts at once must fit; the kernel may grant less (net.core.rmem_max). */
const RECEIVE_BUFFER_BYTES = 1024 * 1024
const COMPLAINT_PAUSE_MS = 10_000

export type PnpServer = {
  /** Where answers come from. */
  port: number
  /** NOTIFYs that no phone has answered yet. */
  readonly pending: number
  close: () => Promise<void>
}

/**
 * Tells phones that ask by multicast (RFC 6080, event `ua-profile`) where their files are. `address` is the IPv4
 * address of the interface to listen on; answers leave from it, from a port of their own, so that an Asterisk may have
 * 5060 there. `port` other than 5060 is for tests.
 * @throws AppError `pnp-unavailable` when the address is not this machine's or the port is taken
 */
export async function startPnpServer(
  options: Pick<ResponderOptions, 'addressOf' | 'onTold' | 'onStranger'> & {
    address: string
    log: Pick<Log, 'warn'>
    port?: number
    limits?: Partial<PnpLimits>
  },
): Promise<PnpServer> {
  const { address, log, port = PNP_PORT, addressOf, onTold, onStranger } = options
  // Bound to the group, the socket hears nothing else, and shares the port with whoever else listens there.
  const ear = createSocket({ type: 'udp4', reuseAddr: true })
  const mouth = createSocket('udp4')
  try {
    await bind(mouth, address, 0)
    await bind(ear, PNP_GROUP, port)
    ear.addMembership(PNP_GROUP, address)
    ear.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch (cause) {
    await Promise.all([close(ear), close(mouth)])
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new AppError('pnp-unavailable', `Phones cannot be heard by multicast on ${address}: ${code}`, { cause })
  }
  const complain = complainSeldom(log)
  const own = { address, port: mouth.address().port }
  const responder = new Responder({
    ...{ addressOf, onTold, onStranger, limits: { ...DEFAULT_LIMITS, ...options.limits } },
    nowMs: () => performance.now(),
    own: () => own,
    send: (packet, to) => mouth.send(packet, to.port, to.address, complain),
  })
  for (const socket of [ear, mouth]) socket.on('error', complain)
  ear.on('message', (datagram, from) => responder.receiveQuestion(datagram, from))
  mouth.on('message', (datagram) => responder.receiveAnswer(datagram))
  return {
    port: own.port,
    get pending() {
      return responder.pending
    },
    async close() {
      responder.close()
      await Promise.all([close(ear), close(mouth)])
    },
  }
}

async function bind(socket: Socket, address: string, port: number): Promise<void> {
  socket.bind({ address, port })
  await once(socket, 'listening')
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()))
}

/** A packet that could not be sent is a lost packet, and the phone asks again; now and then it is worth a line. */
function complainSeldom(log: Pick<Log, 'warn'>): (error: Error | null) => void {
  let complainedAtMs = -Infinity
  return (error) => {
    if (error === null || performance.now() - complainedAtMs < COMPLAINT_PAUSE_MS) return
    complainedAtMs = performance.now()
    log.warn({ err: error }, 'pnp packet not sent')
  }
}
