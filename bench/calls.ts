import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import pg from 'pg'
import { PASSWORD, Rows } from '../test/asterisk-conf/rows.ts'
import { findFreePorts } from '../test/support/asterisk/ports.ts'
import { startAsterisk, type RunningAsterisk } from '../test/support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { bundle } from '../test/support/debian/bundle.ts'
import { run as runProgram } from '../test/support/debian/run.ts'
import { SipPhone } from '../test/support/sip/phone.ts'
import type { BenchResult } from './result.ts'

const ROUNDS = 5
const CALLS = 600
const AT_ONCE = 20
const REGISTERS = 100
const WAITING_CALLS = 40

/** The same calls with the extension written out: what dialplan without a database could do on this machine. */
const STATIC = `[bench]
exten => 1001,1,Dial(PJSIP/1001-acme,20)
 same => n,Hangup()
`

/** Calls per second through the dialplan that looks extensions up, and REGISTER while its table is locked. */
export async function run(): Promise<BenchResult[]> {
  const database = await createTestDatabase()
  const calleePort = await findFreePorts(8)
  await writeRows(new Rows(database), calleePort)
  const asterisk = await startAsterisk({ database: database.asterisk, tenants: ['acme'], dialplan: STATIC })
  const callee = await startCallee(calleePort)
  try {
    return [await compareCalls(asterisk), await compareRegisters(asterisk, database)]
  } finally {
    // Asked kindly, it would first wait for the end of every call whose BYE was lost.
    callee.kill('SIGKILL')
    await asterisk.stop()
    await database.close()
  }
}

async function writeRows(rows: Rows, calleePort: number): Promise<void> {
  await rows.phone('1001-acme', { contact: `sip:1001@127.0.0.1:${calleePort}` })
  await rows.phone('1002-acme')
  await rows.route('t-acme', '1001', 'offhook-user,s,1(1001-acme,20,)')
  for (const [id, context] of [
    ['ours', 't-acme'],
    ['static', 'bench'],
  ] as const) {
    await rows.insert('ps_aors', { id, max_contacts: 0 })
    await rows.insert('ps_endpoints', { id, aors: id, context, disallow: 'all', allow: 'ulaw', direct_media: 'no' })
  }
}

async function compareCalls(asterisk: RunningAsterisk): Promise<BenchResult> {
  const ours: number[] = []
  const peer: number[] = []
  await measureCalls(asterisk, 'static')
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measureCalls(asterisk, 'ours'))
    peer.push(await measureCalls(asterisk, 'static'))
  }
  // Both of a round met the same machine, so their ratio is steadier than either.
  const ratio = median(ours.map((rate, round) => rate / peer[round]!))
  return {
    name: 'answered calls, extension from its row against written in the dialplan',
    ...{ ours: median(ours), peer: median(peer), unit: 'calls/s', ratio, bar: '>= 0.75', pass: ratio >= 0.75 },
  }
}

/** Calls per second, `AT_ONCE` at a time. */
async function measureCalls(asterisk: RunningAsterisk, caller: string): Promise<number> {
  const tools = await bundle('tools')
  const port = await findFreePorts(8)
  const startedMs = performance.now()
  // prettier-ignore
  const { status, stderr } = await runProgram(tools.program('sipp'), [
    `${asterisk.host}:${asterisk.sipPort}`, '-sf', join(import.meta.dirname, 'calls/answered-call.xml'),
    '-key', 'caller', caller, '-s', '1001', '-i', '127.0.0.1', '-p', String(port), '-mp', String(port + 2), '-nostdin',
    '-m', String(CALLS), '-l', String(AT_ONCE), '-r', '5000',
  ], { TERM: 'dumb' })
  if (status !== 0) throw new Error(`not every call of ${caller} was answered (sipp ended with ${status}): ${stderr}`)
  return CALLS / ((performance.now() - startedMs) / 1000)
}

async function startCallee(port: number): Promise<ChildProcess> {
  const tools = await bundle('tools')
  const args = ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-mp', String(port + 2), '-nostdin']
  const callee = spawn(tools.program('sipp'), args, { stdio: 'ignore', env: { TERM: 'dumb' } })
  await once(callee, 'spawn')
  return callee
}

/** 95 of 100 registrations take less than this, without and with calls that wait for the locked table. */
async function compareRegisters(asterisk: RunningAsterisk, database: TestDatabase): Promise<BenchResult> {
  const phone = await SipPhone.open({
    ...{ host: asterisk.host, port: asterisk.sipPort, user: '1002-acme', password: PASSWORD },
  })
  await measureRegisters(phone)
  const peer = await measureRegisters(phone)
  const locker = new pg.Client({ connectionString: database.url })
  await locker.connect()
  await locker.query('begin')
  await locker.query('lock table asterisk.extensions in access exclusive mode')
  const calls = await Promise.all(Array.from({ length: WAITING_CALLS }, () => phone.call('1001')))
  const ours = await measureRegisters(phone)
  await locker.query('rollback')
  await locker.end()
  await Promise.all(calls.map((call) => call.hangUp()))
  await phone.close()
  const ratio = ours / peer
  return {
    name: `REGISTER (p95) while ${WAITING_CALLS} calls wait for a locked table, against an idle moment`,
    ...{ ours, peer, unit: 'ms', ratio, bar: '<= 5', pass: ratio <= 5 },
  }
}

async function measureRegisters(phone: SipPhone): Promise<number> {
  const tookMs: number[] = []
  for (let count = 0; count < REGISTERS; count++) {
    const startedMs = performance.now()
    await phone.register({ refresh: false })
    tookMs.push(performance.now() - startedMs)
  }
  return tookMs.sort((a, b) => a - b)[Math.floor(REGISTERS * 0.95)]!
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}
