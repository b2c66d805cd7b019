import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openSite, type Site } from './open-site.ts'

const MACS = ['001565abcd01', '001565abcd02'] as const
const CSV = `extension,last_name,mac,model\n1001,Abel,${MACS[0]},T46U\n1002,Bush,${MACS[1]},T46U\n`
const STRANGER = '0015651234ff.cfg'

let site: Site
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(CSV)
})
afterAll(() => site.close())

test('while the database is down, known phones are served and nobody is called unknown', async () => {
  const [known, unseen] = await Promise.all(MACS.map((mac) => site.tokenOf(mac)))
  const ask = (token: string | undefined, mac: string) => site.ask({ token: token!, file: `${mac}.cfg` })
  await site.release(site.desk.acme, null)
  await vi.waitFor(async () => expect(await site.ask({ file: `${MACS[0]}.cfg` })).not.toBeNull())
  const before = await ask(known, MACS[0])
  expect(before).not.toBeNull()

  site.gate.cut()
  await vi.waitFor(async () => {
    await expect(site.ask({ file: STRANGER })).rejects.toMatchObject({ code: 'database-unreachable' })
  })
  expect(await ask(known, MACS[0])).toEqual(before)
  await expect(ask(unseen, MACS[1])).rejects.toMatchObject({ code: 'database-unreachable' })
  await expect(ask('AAAAAAAAAAAAAAAAAAAAAA', MACS[1])).rejects.toMatchObject({ code: 'database-unreachable' })
  expect(await site.ask({ file: 'y000000000108.cfg' })).not.toBeNull()
  site.advance(10 * 60_000)
  expect(await ask(known, MACS[0]), 'ten minutes later').toEqual(before)

  site.gate.open()
  await vi.waitFor(async () => expect(await ask(unseen, MACS[1])).not.toBeNull(), { timeout: 15_000 })
  await vi.waitFor(async () => expect(await site.ask({ file: STRANGER })).toBeNull(), { timeout: 15_000 })
  await site.database.query(`update offhook.extensions set label = 'Renamed' where number = '1001'`)
  await vi.waitFor(async () => expect((await ask(known, MACS[0]))!.bytes.toString()).toContain('Renamed'))
  const { rows } = await site.database.query(
    `select count(*)::int as n from offhook.devices where sealed_at is not null`,
  )
  expect(rows, 'what was not written during the outage is written after it').toEqual([{ n: 2 }])
}, 60_000)

test('a connection that died without a word is found, and what changed meanwhile is read', async () => {
  const token = await site.tokenOf(MACS[0])
  const ask = async () => (await site.ask({ token, file: `${MACS[0]}.cfg` }))!.bytes.toString()
  await ask()
  site.lines.length = 0
  site.gate.stall()
  await site.database.query(`update offhook.extensions set label = 'Changed behind us' where number = '1001'`)
  await vi.waitFor(() => expect(site.lines.map(({ message }) => message).join()).toContain('not heard of'), {
    timeout: 15_000,
  })
  expect(await ask(), 'known last').not.toContain('Changed behind us')
  site.gate.open()
  await vi.waitFor(async () => expect(await ask()).toContain('Changed behind us'), { timeout: 15_000 })
}, 60_000)
