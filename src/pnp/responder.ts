import { randomBytes } from 'node:crypto'
import type { Mac } from '../model/mac.ts'
import { Recent } from '../model/recent.ts'
import type { PnpLimits } from './limits.ts'
import { parseMessage, readOnly, type SipMessage } from './message.ts'
import { Pending } from './pending.ts'
import { type Endpoint, findReturn, findTarget, writeNotify, writeOk } from './replies.ts'
import { SourceRates } from './source-rates.ts'
import { type Claim, readSubscribe, type Subscribe } from './subscribe.ts'

/** A phone that asks: what it says of itself, and from where. */
export type Asker = Claim & { mac: Mac; source: string }

export type ResponderOptions = {
  /**
   * Where a phone that shows nothing but its MAC address finds its files now; null when it must get nothing. Whoever
   * sends a packet claims a MAC address, so the answer may hold no secret.
   */
  addressOf: (asker: Asker) => string | null
  /** Hears of each phone that was told, once a question. */
  onTold: (asker: Asker) => void
  /** Hears of each phone that was told nothing, once in a while. */
  onStranger: (asker: Asker) => void
  limits: PnpLimits
  nowMs: () => number
  /** How phones reach this end. */
  own: () => Endpoint
  send: (packet: Buffer, to: Endpoint) => void
}

const FINAL = /^SIP\/2\.0 [2-6]\d\d /
const BRANCH = /;branch=(z9hG4bK[0-9a-f]{32})(?:;|$)/

/** The exchange itself, without sockets: SUBSCRIBE in, 200 and NOTIFY out, and the phone's answer in. */
export class Responder {
  readonly #options: ResponderOptions
  readonly #rates: SourceRates
  readonly #pending: Pending
  readonly #strangers: Recent<Mac, number>

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#rates = new SourceRates(options.limits, options.nowMs)
    this.#pending = new Pending(options.limits, options.send)
    this.#strangers = new Recent(options.limits.strangers)
  }

  /** NOTIFYs that no phone has answered yet. */
  get pending(): number {
    return this.#pending.size
  }

  /** A datagram that came to the group. What is not a phone's question is met with silence. */
  receiveQuestion(datagram: Buffer, source: Endpoint): void {
    const message = parseMessage(datagram)
    const subscribe = message && readSubscribe(message)
    if (!subscribe || source.port === 0 || !this.#rates.take(source.address)) return
    const asker = { mac: subscribe.mac, source: source.address, ...subscribe.claim }
    const address = this.#options.addressOf(asker)
    if (address === null) this.#noteStranger(asker)
    else if (this.#answer(subscribe, source, address)) this.#options.onTold(asker)
  }

  /** A datagram that came to our own port: only what ends a NOTIFY is of interest. */
  receiveAnswer(datagram: Buffer): void {
    const message = parseMessage(datagram)
    if (message && FINAL.test(message.startLine)) this.#pending.end(readBranch(message))
  }

  close(): void {
    this.#pending.endAll()
    this.#strangers.clear()
  }

  /** Whether the phone is told now: not where it only asks again, or too many wait for an answer already. */
  #answer(subscribe: Subscribe, source: Endpoint, address: string): boolean {
    const { send, own } = this.#options
    const key = `${source.address} ${subscribe.callId} ${subscribe.cseq}`
    const back = findReturn(subscribe, source)
    const known = this.#pending.findOk(key)
    if (known) {
      send(known, back)
      return false
    }
    if (!this.#pending.hasRoom) return false
    const marks = { tag: drawMark(8), branch: `z9hG4bK${drawMark(16)}` }
    const to = findTarget(subscribe, source)
    const ok = writeOk(subscribe, marks, source, own())
    send(ok, back)
    const packet = writeNotify(subscribe, marks, own(), to, address)
    this.#pending.begin({ key, ok }, { branch: marks.branch, packet, to })
    return true
  }

  #noteStranger(asker: Asker): void {
    const { nowMs, limits, onStranger } = this.#options
    const now = nowMs()
    if (now - (this.#strangers.get(asker.mac) ?? -Infinity) < limits.strangerPauseMs) return
    this.#strangers.set(asker.mac, now)
    onStranger(asker)
  }
}

function readBranch(message: SipMessage): string {
  return BRANCH.exec(readOnly(message, 'via') ?? '')?.[1] ?? ''
}

function drawMark(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
