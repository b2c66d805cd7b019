import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { LiveState } from '../../src/asterisk/live-state.ts'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { type Boot, openBoot } from '../../src/boot/open-boot.ts'
import { listResyncEvents } from '../../src/boot/resync-events.ts'
import { createPool } from '../../src/db/pool.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startRegistrationWorker } from '../../src/jobs/registration-worker.ts'
import { RESYNC_LIMITS, startResyncWorker } from '../../src/jobs/resync-worker.ts'
import { resyncAll } from '../../src/people/phones/resync-all.ts'
import { findDevice } from '../../src/people/find-device.ts'
import { openRiver, type River } from '../rivers/open-river.ts'
import type { SipPhone } from '../support/sip/phone.ts'

const MACS = ['001565abcd01', '001565abcd02', '001565abcd03'] as const
const CSV = `extension,first_name,mac,model
1001,Ada,${MACS[0]},T46U
1002,Bob,${MACS[1]},T46U
1003,Cleo,${MACS[2]},T46U
`
const LIMITS = { settleMs: 100, paceMs: 50, underWay: 2, judged: 2, patienceMs: 60_000, sweepMs: 200 }

type Row = Record<string, unknown>

const families = await loadFamilies()
let river: River
let boot: Boot
let live: LiveState
let http: Awaited<ReturnType<typeof startPhonesListener>>
const warned: { fields: object; message: string }[] = []
const log = {
  info: () => undefined,
  warn: (fields: object, message: string) => void warned.push({ fields, message }),
}
const closing: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  river = await openRiver()
  const { pbx } = river
  Object.assign(river.desk, { models: listModels(families) })
  const phones = createPool(pbx.database.url, 'offhook_phones')
  closing.push({ close: () => phones.end() })
  boot = await openBoot({
    ...{ pool: phones, url: pbx.database.url, vault: pbx.vault, families, log },
    ...{ phonesUrl: 'http://phones.example.org:8081', sipHost: 'pbx.example.org' },
  })
  closing.push(boot)
  const { answer } = boot
  http = await startPhonesListener({ address: '127.0.0.1', port: 0, answer, log, writeAccess: () => undefined })
  closing.push(http)
  live = new LiveState(pbx.ami)
  closing.push({
    close: () => {
      live.close()
      return Promise.resolve()
    },
  })
  closing.push(startRegistrationWorker({ pool: pbx.owner, live, log, pauseMs: 100 }))
  await river.bring(CSV)
})
afterAll(async () => {
  for (const part of closing.reverse()) await part.close()
  await river.close()
})

const startWorker = (limits: Partial<typeof RESYNC_LIMITS> = {}) => {
  const { pbx } = river
  return startResyncWorker({
    ...{ url: pbx.database.url, pool: pbx.owner, ami: pbx.ami, live, boot, log },
    events: listResyncEvents(families),
    limits: { ...LIMITS, ...limits },
  })
}
/** As the phone does it: over HTTP, with its own address. */
const fetchFile = async (mac: string) => {
  const { device } = await findDevice(river.desk, river.acme, mac)
  const token = boot.addressOf(device).split('/').at(-2)!
  expect((await fetch(`http://127.0.0.1:${http.port}/${token}/${mac}.cfg`)).status).toBe(200)
}

const read = async (sql: string): Promise<Row[]> => (await river.pbx.database.query(sql)).rows as Row[]
const states = () =>
  read(`select d.mac, r.state, r.reason from offhook.device_resyncs r join offhook.devices d on d.id = r.device_id
    order by d.mac`)
const patient = { timeout: 15_000, interval: 50 }

let phones: SipPhone[]

test('what Asterisk says of an account is noted: registered since when, and when it last could be called', async () => {
  phones = []
  for (const account of ['1001-acme', '1002-acme', '1003-acme']) phones.push(await river.phone(account))
  const account = () =>
    read(`select registered_at, callable_at, gone_at, reachable from offhook.account_states s
      join offhook.endpoints e on e.id = s.endpoint_id where e.name = '1003-acme'`)
  const date = expect.any(Date) as Date
  await vi.waitFor(
    async () =>
      expect(await account()).toEqual([{ registered_at: date, callable_at: date, gone_at: null, reachable: true }]),
    patient,
  )
  await phones[2]!.unregister()
  await vi.waitFor(
    async () =>
      expect(await account()).toEqual([{ registered_at: null, callable_at: date, gone_at: date, reachable: false }]),
    patient,
  )
  await phones[2]!.register()
})

test('after a change only the phone whose bytes changed is told, and it is seen to come back', async () => {
  for (const mac of MACS) await fetchFile(mac)
  await vi.waitFor(async () => expect(await read('select 1 from offhook.device_files')).toHaveLength(3), patient)
  const worker = startWorker()
  try {
    await river.bring(CSV.replace('Ada', 'Adele'))
    expect(await phones[0]!.nextNotify(15_000)).toMatchObject({ event: 'check-sync;reboot=false' })
    await vi.waitFor(
      async () => expect(await states()).toEqual([{ mac: MACS[0], state: 'told', reason: 'changed' }]),
      patient,
    )
    await fetchFile(MACS[0])
    await vi.waitFor(async () => expect(await states()).toMatchObject([{ state: 'came' }]), patient)
    await expect(phones[1]!.nextNotify(300)).rejects.toThrow('expected a NOTIFY')
    // What no file holds tells nobody.
    await river.bring(CSV.replace('Ada', 'Adele').replace('mac,', 'email,mac,').replaceAll(/,0015/g, ',,0015'))
    await pause(1_000)
    expect(await states()).toMatchObject([{ state: 'came' }])
  } finally {
    await worker.close()
  }
}, 60_000)

test('a phone that is away is told when it is back, if it still has old bytes', async () => {
  const worker = startWorker()
  try {
    await phones[2]!.unregister()
    await vi.waitFor(() => expect(live.endpoint('1003-acme').contacts).toEqual([]), patient)
    await river.bring(CSV.replace('Ada', 'Adele').replace('Cleo', 'Clea'))
    await vi.waitFor(async () => expect(await states()).toMatchObject([{}, { mac: MACS[2], state: 'away' }]), patient)
    await phones[2]!.register()
    expect(await phones[2]!.nextNotify(15_000)).toMatchObject({ event: 'check-sync;reboot=false' })
    await fetchFile(MACS[2])
    await vi.waitFor(async () => expect(await states()).toMatchObject([{}, { state: 'came' }]), patient)
  } finally {
    await worker.close()
  }
}, 60_000)

test('when those told do not come back, the others are left alone and it is said', async () => {
  warned.length = 0
  await river.pbx.database.query('delete from offhook.device_resyncs')
  const worker = startWorker({ patienceMs: 500, underWay: 1 })
  try {
    await river.pbx.database.query(`update offhook.tenants set settings = '{"language": "fr"}' where slug = 'acme'`)
    await vi.waitFor(
      async () => expect((await states()).map(({ state }) => state).sort()).toEqual(['missing', 'missing', 'stopped']),
      patient,
    )
    expect(warned).toContainEqual({
      fields: { tenant: 'acme', stopped: 1, missing: 2 },
      message: expect.stringContaining('do not come back') as string,
    })
    await fetchFile(MACS[0])
    await vi.waitFor(async () => expect((await states())[0]).toMatchObject({ state: 'came' }), patient)
  } finally {
    await worker.close()
  }
}, 60_000)

test('all phones of a tenant are told again when somebody says so, whatever became of them before', async () => {
  const worker = startWorker({ underWay: 3 })
  try {
    const queued = await resyncAll(river.desk, river.acme, [...listResyncEvents(families).keys()], 'test')
    expect(queued).toEqual({ queued: 3, untellable: 0 })
    await vi.waitFor(async () => {
      const told = { state: 'told', reason: 'asked' }
      expect(await states()).toMatchObject([told, told, told])
    }, patient)
    for (const mac of MACS) await fetchFile(mac)
    await vi.waitFor(
      async () => expect(new Set((await states()).map(({ state }) => state))).toEqual(new Set(['came'])),
      patient,
    )
  } finally {
    await worker.close()
  }
}, 60_000)
