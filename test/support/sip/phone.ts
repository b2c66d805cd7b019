import type { CallOptions } from './call.ts'
import type { Timers } from './client-transaction.ts'
import type { Credentials } from './digest.ts'
import { IncomingCall } from './incoming-call.ts'
import { Lamp } from './lamp.ts'
import { Line, type Account } from './line.ts'
import { MailboxWatch, type MessageSummary } from './mailbox-watch.ts'
import { NotifyInbox, type Notify } from './notifies.ts'
import { OutgoingCall } from './outgoing-call.ts'
import { Registration, type RegisterOptions } from './registration.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { Subscription } from './subscription.ts'
import type { TransportOptions } from './transport.ts'
import { UserAgent } from './user-agent.ts'
import { Inbox } from './waiting.ts'

export type PhoneOptions = TransportOptions & Account & { readonly timers?: Timers }

/** A phone with one line: registers, calls, is called, watches lamps and its mailbox. */
export class SipPhone {
  readonly line: Line
  readonly registration: Registration
  readonly mailbox = new MailboxWatch()
  /** Answers incoming calls at once when set; otherwise they wait for `nextCall`. */
  onCall: ((call: IncomingCall) => void) | undefined
  readonly #calls = new Inbox<IncomingCall>('an incoming call')
  readonly #notifies = new NotifyInbox()
  readonly #closing: { stop(): void }[] = []
  readonly #media: { close(): void }[] = []

  private constructor(agent: UserAgent, options: PhoneOptions) {
    this.line = new Line(agent, options, { host: options.host, port: options.port })
    this.registration = new Registration(this.line)
    agent.addLine(options.user, (transaction) => this.#receive(transaction))
  }

  /** Opens the transport toward the server; nothing is sent yet. */
  static async open(options: PhoneOptions): Promise<SipPhone> {
    return new SipPhone(await UserAgent.open(options, options.timers), options)
  }

  /** The SIP URI under which this very phone is reached. */
  get contact(): string {
    return this.line.contact
  }

  /** @throws Refusal with the status, 401 for a wrong password */
  register(options?: RegisterOptions): Promise<void> {
    return this.registration.register(options)
  }

  unregister(): Promise<void> {
    return this.registration.unregister()
  }

  /** Calls a number at our server or any SIP URI; resolves when the INVITE is on its way. */
  async call(target: string, options?: CallOptions): Promise<OutgoingCall> {
    const call = await OutgoingCall.place(this.line, target, options)
    this.#media.push(call.media)
    return call
  }

  /** The oldest incoming call not yet taken. */
  nextCall(timeoutMs?: number): Promise<IncomingCall> {
    return this.#calls.next(timeoutMs)
  }

  /** Subscribes to another extension's lamp. @throws Refusal, such as 404 when it has no hint. */
  async watch(target: string, expiresS?: number): Promise<Lamp> {
    const lamp = await Lamp.watch(this.line, target, expiresS)
    this.#closing.push(lamp)
    return lamp
  }

  /** Subscribes to our own mailbox; unsolicited NOTIFYs need no subscription. @throws Refusal */
  async subscribeMessages(): Promise<Subscription> {
    const subscription = await Subscription.open(this.line, {
      target: this.line.account.user,
      event: 'message-summary',
      accept: 'application/simple-message-summary',
      onNotify: (notify) => this.mailbox.show(notify.body),
    })
    this.#closing.push(subscription)
    return subscription
  }

  /** Whether the message lamp is lit; undefined before the first word from the server. */
  get messageWaiting(): boolean | undefined {
    return this.mailbox.summary?.waiting
  }

  /** Resolves once so many new messages are announced. */
  waitForMessages(newMessages: number, timeoutMs?: number): Promise<MessageSummary> {
    return this.mailbox.waitFor(newMessages, timeoutMs)
  }

  /** The oldest NOTIFY outside of a subscription, such as `check-sync`, not yet taken. */
  nextNotify(timeoutMs?: number): Promise<Notify> {
    return this.#notifies.arrived.next(timeoutMs)
  }

  /** From now on such a NOTIFY is challenged with 401 and must answer with these credentials. */
  challengeNotifies(credentials: Credentials & { readonly realm: string }): void {
    this.#notifies.demanded = credentials
  }

  /** Shows every SIP message to `look`. */
  trace(look: (direction: 'in' | 'out', text: string) => void): void {
    this.line.agent.transactions.onTrace = look
  }

  /** Closes everything as pulling the plug does: without a word to the server. */
  async close(): Promise<void> {
    this.registration.stop()
    for (const each of this.#closing) each.stop()
    for (const each of this.#media) each.close()
    await this.line.agent.close()
  }

  #receive(transaction: ServerTransaction): void {
    switch (transaction.request.method) {
      case 'INVITE':
        transaction.respond(100)
        void this.#takeCall(transaction)
        break
      case 'NOTIFY':
        this.#takeNotify(transaction)
        break
      case 'OPTIONS':
        transaction.respond(200)
        break
      case 'ACK':
        break
      default:
        transaction.respond(405)
    }
  }

  async #takeCall(invite: ServerTransaction): Promise<void> {
    const call = await IncomingCall.take(this.line, invite)
    this.#media.push(call.media)
    if (this.onCall) this.onCall(call)
    else this.#calls.put(call)
  }

  #takeNotify(transaction: ServerTransaction): void {
    const { headers, body } = transaction.request
    if (!/^message-summary\b/i.test(headers.get('Event') ?? '')) {
      this.#notifies.receive(transaction)
      return
    }
    transaction.respond(200)
    this.mailbox.show(body)
  }
}
