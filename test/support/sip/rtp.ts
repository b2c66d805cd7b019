import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { digitPackets, parseDigit, type DigitPacket } from './digits.ts'
import { OFFERED_DIGITS_PAYLOAD, PCMU, type AudioDescription } from './sdp.ts'
import { isTone, SAMPLE_RATE_HZ, sine, slideInto, strongestTone } from './tone.ts'
import { Changes, PATIENCE_MS } from './waiting.ts'

const PACKET_MS = 20
const PACKET_SAMPLES = (SAMPLE_RATE_HZ * PACKET_MS) / 1000
const HEADER_BYTES = 12

/** The audio of one call: RTP over UDP with PCMU (RFC 3550, RFC 3551). */
export class RtpStream {
  packetsSent = 0
  packetsReceived = 0
  /** The digits pressed at the far end (RFC 4733), in order. */
  digitsReceived = ''
  readonly #socket: Socket
  readonly #changes = new Changes()
  /** The last 100 ms heard. */
  readonly #window = new Int16Array(SAMPLE_RATE_HZ / 10)
  readonly #ssrc = randomInt(2 ** 32)
  readonly #firstTimestamp = randomInt(2 ** 31)
  #sequence = randomInt(2 ** 16)
  #remote: AudioDescription | undefined
  #toneHz: number | undefined
  #clock: NodeJS.Timeout | undefined
  #startedMs = 0
  /** Packets of audio time that went by, whether audio or digits filled them. */
  #ticks = 0
  readonly #digits: DigitPacket[] = []
  #lastDigitTimestamp = -1
  #open = true

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (packet) => this.#receive(packet))
    // A far end that hung up answers late packets with ICMP, which is no error of the call.
    socket.on('error', () => undefined)
  }

  /** Binds a free UDP port. */
  static async open(host: string): Promise<RtpStream> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, host, () => resolve())
    })
    socket.removeAllListeners('error')
    return new RtpStream(socket)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** Starts or redirects sending to what the far end described. */
  connect(remote: AudioDescription): void {
    this.#remote = remote
    if (this.#clock || !this.#open) return
    this.#startedMs = performance.now()
    this.#clock = setInterval(() => this.#sendDue(), PACKET_MS)
  }

  /** Sends a sine of that frequency from now on, or silence. */
  play(toneHz: number | undefined): void {
    this.#toneHz = toneHz
  }

  /** Resolves once the last 100 ms are clearly that tone. @throws Error that names what was heard instead. */
  async waitForTone(frequencyHz: number, timeoutMs: number = PATIENCE_MS): Promise<void> {
    const probe = (): true | undefined => (isTone(this.#window, frequencyHz) ? true : undefined)
    await this.#changes.until(probe, `a tone of ${frequencyHz} Hz`, timeoutMs, () => {
      const heard = strongestTone(this.#window)
      return `heard ${heard === undefined ? 'silence' : `${heard} Hz`} in ${this.packetsReceived} packets`
    })
  }

  /** Resolves once the far end has pressed these digits. */
  async waitForDigits(digits: string, timeoutMs: number = PATIENCE_MS): Promise<void> {
    const probe = (): true | undefined => (this.digitsReceived.includes(digits) ? true : undefined)
    await this.#changes.until(probe, `digits ${digits}`, timeoutMs, () => `received ${this.digitsReceived || 'none'}`)
  }

  /** Presses digits, 100 ms each with 60 ms between. @throws Error when the far end takes no telephone events. */
  async sendDigits(digits: string): Promise<void> {
    if (this.#remote?.digitsPayload === undefined) throw new Error('the far end takes no RFC 4733 digits')
    for (const digit of digits) this.#digits.push(...digitPackets(digit, PACKET_SAMPLES))
    const sent = (): true | undefined => (this.#digits.length === 0 ? true : undefined)
    await this.#changes.until(sent, `digits ${digits} to be sent`, 1000 + digits.length * 400)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    clearInterval(this.#clock)
    this.#socket.close()
  }

  /** Timers come late on a busy machine; what is due by the clock goes out, so that the far end's buffer stays full. */
  #sendDue(): void {
    const due = Math.floor((performance.now() - this.#startedMs) / PACKET_MS)
    for (; this.#ticks < due; this.#ticks += 1) this.#sendTick()
  }

  #sendTick(): void {
    const remote = this.#remote
    if (!remote || remote.port === 0 || remote.direction === 'sendonly' || remote.direction === 'inactive') return
    const digit = this.#digits.shift()
    if (!digit) {
      this.#send(remote, PCMU, sine(this.#toneHz, this.#ticks * PACKET_SAMPLES, PACKET_SAMPLES), 0)
      return
    }
    if (digit.event) this.#send(remote, remote.digitsPayload ?? OFFERED_DIGITS_PAYLOAD, digit.event, digit.agoSamples)
    this.#changes.notify()
  }

  #send(remote: AudioDescription, payloadType: number, payload: Buffer, agoSamples: number): void {
    const header = Buffer.alloc(HEADER_BYTES)
    header[0] = 0x80
    header[1] = payloadType | (this.packetsSent === 0 ? 0x80 : 0)
    header.writeUInt16BE((this.#sequence = (this.#sequence + 1) & 0xffff), 2)
    header.writeUInt32BE((this.#firstTimestamp + this.#ticks * PACKET_SAMPLES - agoSamples) >>> 0, 4)
    header.writeUInt32BE(this.#ssrc, 8)
    this.packetsSent += 1
    this.#socket.send(Buffer.concat([header, payload]), remote.port, remote.host)
  }

  #receive(packet: Buffer): void {
    if (packet.length < HEADER_BYTES || packet[0]! >> 6 !== 2) return
    const payloadType = packet[1]! & 0x7f
    const payload = packet.subarray(HEADER_BYTES + (packet[0]! & 0x0f) * 4)
    if (payloadType === PCMU) slideInto(this.#window, payload)
    else this.#receiveDigit(packet.readUInt32BE(4), payload)
    this.packetsReceived += 1
    this.#changes.notify()
  }

  /** One event comes in many packets with one timestamp. */
  #receiveDigit(timestamp: number, payload: Buffer): void {
    const digit = parseDigit(payload)
    if (digit === undefined || timestamp === this.#lastDigitTimestamp) return
    this.#lastDigitTimestamp = timestamp
    this.digitsReceived += digit
  }
}
