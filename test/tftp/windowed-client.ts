/** What the client was promised: the block size and window that it asked for, and the file that it must get. */
export type Wanted = { file: string; blockBytes: number; windowBlocks: number; bytes: Buffer }

const SILENCE_MS = 1000

/**
 * A receiver that holds to RFC 7440 §4: it acknowledges each window whole, a gap at once by its last block in order, and a window
 * that comes again by the same; what it does not hear in a second it asks for by its last packet. It looks at every packet
 * that comes, the superfluous ones too, and throws at the first one that RFC 1350, 2347 or 7440 forbid. It knows no socket and no clock.
 */
export class WindowedClient {
  readonly #wanted: Wanted
  readonly #send: (packet: Buffer) => void
  readonly #request: Buffer
  readonly #blocks: Buffer[] = []
  #isAgreed = false
  #inWindow = 0
  /** A gap, or a window that comes again, is told once: further packets of that window say nothing new. */
  #hasTold = false
  #heardAtMs: number
  isComplete = false

  constructor(wanted: Wanted, nowMs: number, send: (packet: Buffer) => void) {
    const { file, blockBytes, windowBlocks } = wanted
    this.#wanted = wanted
    this.#send = send
    this.#heardAtMs = nowMs
    this.#request = Buffer.from(`\0\u0001${file}\0octet\0blksize\0${blockBytes}\0windowsize\0${windowBlocks}\0`)
    send(this.#request)
  }

  get received(): Buffer {
    return Buffer.concat(this.#blocks)
  }

  receive(packet: Buffer, nowMs: number): void {
    this.#heardAtMs = nowMs
    const opcode = packet.readUInt16BE(0)
    if (opcode === 6) this.#receiveAgreement(packet)
    else if (opcode === 3) this.#receiveBlock(packet)
    else throw new Error(`neither OACK nor DATA: ${packet.toString('hex', 0, 32)}`)
  }

  tick(nowMs: number): void {
    if (this.isComplete || nowMs - this.#heardAtMs < SILENCE_MS) return
    this.#heardAtMs = nowMs
    if (this.#isAgreed) this.#acknowledge()
    else this.#send(this.#request)
  }

  /** An OACK that comes again says that its acknowledgement was lost (RFC 2347); after data it is late, and nothing more. */
  #receiveAgreement(packet: Buffer): void {
    const { blockBytes, windowBlocks } = this.#wanted
    const text = packet.toString('latin1', 2)
    if (text !== `blksize\0${blockBytes}\0windowsize\0${windowBlocks}\0`) throw new Error(`agreed on ${text}`)
    this.#isAgreed = true
    if (this.#blocks.length === 0) this.#acknowledge()
  }

  #receiveBlock(packet: Buffer): void {
    if (!this.#isAgreed) throw new Error('DATA before the OACK was acknowledged')
    const { blockBytes, windowBlocks, bytes } = this.#wanted
    const ahead = signed16(packet.readUInt16BE(2) - this.#blocks.length)
    const block = this.#blocks.length + ahead
    if (ahead > windowBlocks) throw new Error(`DATA ${block} beyond the window after ${this.#blocks.length}`)
    const data = packet.subarray(4)
    const at = (block - 1) * blockBytes
    if (block < 1 || at > bytes.length) throw new Error(`DATA ${block} is no block of the file`)
    if (!data.equals(bytes.subarray(at, at + blockBytes))) throw new Error(`DATA ${block} has other bytes`)
    if (ahead === 1) this.#take(data)
    else if (!this.#hasTold || this.isComplete) {
      this.#hasTold = true
      this.#acknowledge()
    }
  }

  #take(data: Buffer): void {
    this.#blocks.push(Buffer.from(data))
    this.#hasTold = false
    this.#inWindow++
    this.isComplete = data.length < this.#wanted.blockBytes
    if (this.isComplete || this.#inWindow === this.#wanted.windowBlocks) this.#acknowledge()
  }

  #acknowledge(): void {
    this.#inWindow = 0
    const block = this.#blocks.length
    this.#send(Buffer.of(0, 4, (block >> 8) & 0xff, block & 0xff))
  }
}

/** The way from one block number to another, the shorter way round. */
function signed16(difference: number): number {
  return ((difference & 0xffff) ^ 0x8000) - 0x8000
}
