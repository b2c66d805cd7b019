import type { Timers } from './client-transaction.ts'
import { Lamp } from './lamp.ts'
import { Line, type Account } from './line.ts'
import { MailboxWatch } from './mailbox-watch.ts'
import { Refusal } from './refusal.ts'
import { Registration } from './registration.ts'
import type { ServerTransaction } from './server-transaction.ts'
import type { Peer } from './transport.ts'
import { UserAgent } from './user-agent.ts'
import { Changes, PATIENCE_MS } from './waiting.ts'

/** What a member does when it is called. */
export type Manner = 'ring' | 'busy'

export interface SwarmOptions extends Peer {
  readonly members: readonly Account[]
  /** UDP sockets to spread the members over. */
  readonly sockets?: number
  readonly timers?: Timers
}

export interface RegisterAllOptions {
  /** How many registrations may be under way at once; more only wait in Asterisk's queue until they are repeated. */
  readonly outstanding?: number
  readonly expiresS?: number
}

/** What became of a mass registration. */
export interface RegistrationReport {
  readonly registered: number
  /** Who was refused (status) or not answered (status 0). */
  readonly failed: readonly { readonly user: string; readonly status: number; readonly message: string }[]
  readonly durationMs: number
  /** Requests that had to be repeated because the answer took longer than T1. */
  readonly retransmissions: number
  /** The slowest single registration, challenge included. */
  readonly slowestMs: number
}

interface Member {
  readonly line: Line
  readonly registration: Registration
  readonly mailbox: MailboxWatch
  manner: Manner
  rings: number
}

/** Many phones in one process over a few UDP sockets: they register, answer OPTIONS and NOTIFY, and ring. */
export class Swarm {
  readonly #agents: UserAgent[]
  readonly #members = new Map<string, Member>()
  readonly #lamps: Lamp[] = []
  readonly #changes = new Changes()

  private constructor(agents: UserAgent[], options: SwarmOptions) {
    this.#agents = agents
    options.members.forEach((account, index) => this.#add(agents[index % agents.length]!, account, options))
  }

  /** Opens the sockets; nobody registers yet. */
  static async open(options: SwarmOptions): Promise<Swarm> {
    const { host, port, sockets = 1, timers } = options
    const openings = Array.from({ length: sockets }, () => UserAgent.open({ host, port }, timers))
    return new Swarm(await Promise.all(openings), options)
  }

  /** Registers every member, as many at once as allowed. Failures are in the report, not thrown. */
  async registerAll(options: RegisterAllOptions = {}): Promise<RegistrationReport> {
    const { outstanding = 50, expiresS = 3600 } = options
    const queue = this.#members.entries()
    const failed: RegistrationReport['failed'][number][] = []
    const before = this.#retransmissions
    const startedMs = performance.now()
    let slowestMs = 0
    const lane = async (): Promise<void> => {
      for (const [user, { registration }] of queue) {
        const sentMs = performance.now()
        try {
          await registration.register({ expiresS, refresh: false })
        } catch (error) {
          failed.push({ user, status: error instanceof Refusal ? error.status : 0, message: String(error) })
        }
        slowestMs = Math.max(slowestMs, performance.now() - sentMs)
      }
    }
    await Promise.all(Array.from({ length: outstanding }, lane))
    return {
      registered: this.#members.size - failed.length,
      failed,
      durationMs: Math.round(performance.now() - startedMs),
      retransmissions: this.#retransmissions - before,
      slowestMs: Math.round(slowestMs),
    }
  }

  /** Sets what a member does when called: `ring` until the caller gives up (the default), or `busy`. */
  behave(user: string, manner: Manner): void {
    this.#member(user).manner = manner
  }

  /** How often each member that was called at all has rung or was found busy. */
  get rung(): ReadonlyMap<string, number> {
    return new Map([...this.#members].filter(([, { rings }]) => rings > 0).map(([user, { rings }]) => [user, rings]))
  }

  /** Resolves once that member has been called so often. */
  async waitForRing(user: string, times = 1, timeoutMs: number = PATIENCE_MS): Promise<void> {
    const member = this.#member(user)
    const probe = (): true | undefined => (member.rings >= times ? true : undefined)
    await this.#changes.until(probe, `${user} to be called ${times} times`, timeoutMs, () => `it was ${member.rings}`)
  }

  /** A member watches an extension's lamp. @throws Refusal, such as 404 when it has no hint */
  async watch(user: string, target: string): Promise<Lamp> {
    const lamp = await Lamp.watch(this.#member(user).line, target)
    this.#lamps.push(lamp)
    return lamp
  }

  /** What the member was told of its mailbox. */
  mailboxOf(user: string): MailboxWatch {
    return this.#member(user).mailbox
  }

  /** Closes every socket, without a word to the server. */
  async close(): Promise<void> {
    for (const lamp of this.#lamps) lamp.stop()
    await Promise.all(this.#agents.map((agent) => agent.close()))
  }

  get #retransmissions(): number {
    return this.#agents.reduce((sum, agent) => sum + agent.transactions.retransmissions, 0)
  }

  #add(agent: UserAgent, account: Account, server: Peer): void {
    if (this.#members.has(account.user)) throw new Error(`two members of the swarm are called ${account.user}`)
    const line = new Line(agent, account, { host: server.host, port: server.port })
    const registration = new Registration(line)
    const member: Member = { line, registration, mailbox: new MailboxWatch(), manner: 'ring', rings: 0 }
    this.#members.set(account.user, member)
    agent.addLine(account.user, (transaction) => this.#receive(member, transaction))
  }

  #member(user: string): Member {
    const member = this.#members.get(user)
    if (!member) throw new Error(`no member ${user} in the swarm`)
    return member
  }

  #receive(member: Member, transaction: ServerTransaction): void {
    const { method, headers, body } = transaction.request
    if (method === 'INVITE') this.#ring(member, transaction)
    else if (method === 'OPTIONS' || method === 'NOTIFY') transaction.respond(200)
    else if (method !== 'ACK') transaction.respond(405)
    if (method === 'NOTIFY' && /^message-summary\b/i.test(headers.get('Event') ?? '')) member.mailbox.show(body)
  }

  #ring(member: Member, invite: ServerTransaction): void {
    invite.respond(member.manner === 'busy' ? 486 : 180, [['Contact', `<${member.line.contact}>`]])
    member.rings += 1
    this.#changes.notify()
  }
}
