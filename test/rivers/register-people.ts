import { setTimeout as pause } from 'node:timers/promises'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { LiveState } from '../../src/asterisk/live-state.ts'
import { createPool } from '../../src/db/pool.ts'
import { openInstallation } from '../../src/db/installation.ts'
import { createTenant } from '../../src/db/tenants.ts'
import { drainOutbox } from '../../src/jobs/drain-outbox.ts'
import { applyImport } from '../../src/people/import-people.ts'
import type { Lamp } from '../support/sip/lamp.ts'
import type { Account } from '../support/sip/line.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { Swarm, type RegistrationReport } from '../support/sip/swarm.ts'
import { openPbx, type Pbx } from './open-pbx.ts'

/** Members of one queue, all of which ring at once. */
const QUEUE_MEMBERS = 50
const FIRST_QUEUE = 700
const FIRST_EXTENSION = 10_000
const SOCKETS = 4
const SETTLE_WITHIN_MS = 20_000

/** What became of people who were imported while Asterisk ran. */
export type MassReport = {
  importMs: number
  /** From the commit until Asterisk had confirmed everything in the outbox. */
  toldMs: number
  registration: RegistrationReport
  /** Accounts with the state NOT_INUSE and one contact in our live state, and in Asterisk's own list. */
  live: { ours: number; asterisk: number }
  /** Lamps that went on when their extension rang, and off afterwards. */
  lamps: number
  /** Accounts that their queue rang. */
  rung: number
}

export type MassOptions = {
  people: number
  /** How many extensions are watched by somebody. */
  watched: number
  /** Registrations under way at once. */
  outstanding?: number
}

/** Imports people into a running Asterisk, lets all of them register, and tries lamps and queues on them. */
export async function registerPeople(options: MassOptions): Promise<MassReport> {
  const pbx = await openPbx()
  const live = new LiveState(pbx.ami)
  const closing: { close(): unknown }[] = [pbx, live]
  try {
    const told = await importPeople(pbx, options.people)
    const members = [...(await pbx.readSecrets())].map(([user, password]) => ({ user, password }))
    const users = members.map(({ user }) => user)
    await addQueues(pbx, users)
    const { host, sipPort: port } = pbx.asterisk
    const swarm = await Swarm.open({ host, port, members, sockets: SOCKETS })
    closing.push(swarm)
    const registration = await swarm.registerAll({ outstanding: options.outstanding ?? 50 })
    const states = await countLive(pbx, live, users)
    const lamps = await watchLamps(swarm, users, options.watched)
    const lit = await callQueues(pbx, swarm, members, lamps)
    return { ...told, registration, live: states, lamps: lit, rung: swarm.rung.size }
  } finally {
    for (const each of closing.reverse()) await each.close()
  }
}

async function importPeople(pbx: Pbx, people: number): Promise<Pick<MassReport, 'importMs' | 'toldMs'>> {
  const { database, owner, vault, ami } = pbx
  const pool = createPool(database.url, 'offhook_app')
  const models = listModels(await loadFamilies())
  const desk = { pool, vault, installation: await openInstallation(owner, vault), models }
  const tenant = await createTenant(owner, 'acme', 'Acme')
  await drainOutbox(owner, ami)
  const startedMs = performance.now()
  const bytes = Buffer.from(writePeople(people))
  const { problems } = await applyImport(desk, {
    tenant,
    source: 'people.csv',
    actor: 'test',
    input: { kind: 'file', bytes },
    options: {},
  })
  if (problems.length > 0) throw new Error(`the people have problems: ${problems[0]!.message}`)
  const importedMs = performance.now()
  const { failed } = await drainOutbox(owner, ami)
  if (failed > 0) throw new Error('Asterisk did not take what the outbox held')
  await pool.end()
  return { importMs: Math.round(importedMs - startedMs), toldMs: Math.round(performance.now() - importedMs) }
}

function writePeople(count: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const mac = `001565${at.toString(16).padStart(6, '0')}`
    return `${FIRST_EXTENSION + at},Given ${at},Family ${at},person${at}@example.org,${mac},T46U`
  })
  return `extension,first_name,last_name,email,mac,model\n${rows.join('\n')}\n`
}

function extensionOf(user: string): string {
  return user.split('-')[0]!
}

/** Waits until our live state shows everybody idle at one contact, then counts them, and those in Asterisk's own list. */
async function countLive({ ami }: Pbx, live: LiveState, users: readonly string[]): Promise<MassReport['live']> {
  const isLive = (user: string): boolean => {
    const { state, contacts } = live.endpoint(user)
    return state === 'NOT_INUSE' && contacts.length === 1
  }
  const deadlineMs = performance.now() + SETTLE_WITHIN_MS
  while (!users.every(isLive) && performance.now() < deadlineMs) await pause(50)
  const listed = await ami.list('DeviceStateList', [], SETTLE_WITHIN_MS)
  const idle = new Set(listed.filter((item) => item.get('state') === 'NOT_INUSE').map((item) => item.get('device')))
  return { ours: users.filter(isLive).length, asterisk: users.filter((user) => idle.has(`PJSIP/${user}`)).length }
}

/** Queues are made by other means than an import: here by plain SQL, everybody being a member of one. */
async function addQueues({ database }: Pbx, users: readonly string[]): Promise<void> {
  await database.query(
    `with member as (
       select u, 'q' || (at - 1) / $2 as queue from unnest($1::text[]) with ordinality as v(u, at)
     ), queue as (
       insert into asterisk.queues (name, strategy, timeout, retry)
       select distinct queue, 'ringall'::asterisk.queue_strategy_values, 30, 1 from member
     ), route as (
       insert into asterisk.extensions (context, exten, priority, app, appdata)
       select distinct 't-acme', ($3 + substr(queue, 2)::int)::text, 1, 'Gosub', 'offhook-queue,s,1(' || queue || ',30,)'
       from member
     )
     insert into asterisk.queue_members (queue_name, interface, membername, paused)
     select queue, 'PJSIP/' || u, u, 0 from member`,
    [users, QUEUE_MEMBERS, FIRST_QUEUE],
  )
}

/** The lamps of `count` extensions, spread over all queues, by the extension that they show. */
async function watchLamps(swarm: Swarm, users: readonly string[], count: number): Promise<Map<string, Lamp>> {
  const lamps = new Map<string, Lamp>()
  const step = users.length / count
  for (let at = 0; at < count; at++) {
    const watched = users[Math.floor(at * step)]!
    const watcher = users[(Math.floor(at * step) + 1) % users.length]!
    const lamp = await swarm.watch(watcher, extensionOf(watched))
    await lamp.waitFor('terminated')
    lamps.set(watched, lamp)
  }
  return lamps
}

/** Calls every queue once, until all of its members ring; returns how many of the lamps went on and off again. */
async function callQueues(
  { asterisk }: Pbx,
  swarm: Swarm,
  members: readonly Account[],
  lamps: ReadonlyMap<string, Lamp>,
): Promise<number> {
  let lit = 0
  for (let at = 0; at < members.length; at += QUEUE_MEMBERS) {
    const called = members.slice(at, at + QUEUE_MEMBERS).map(({ user }) => user)
    // Whoever calls is in use, and its own queue would pass it over.
    const account = at > 0 ? members[0]! : members.at(-1)!
    const caller = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, ...account })
    const call = await caller.call(String(FIRST_QUEUE + at / QUEUE_MEMBERS))
    await Promise.allSettled(called.map((user) => swarm.waitForRing(user, 1, SETTLE_WITHIN_MS)))
    const watched = called.flatMap((user) => lamps.get(user) ?? [])
    const on = await Promise.allSettled(watched.map((lamp) => lamp.waitFor('early')))
    await call.hangUp()
    const off = await Promise.allSettled(watched.map((lamp) => lamp.waitFor('terminated')))
    lit += watched.filter((_, index) => [on, off].every((went) => went[index]!.status === 'fulfilled')).length
    await caller.close()
  }
  return lit
}
