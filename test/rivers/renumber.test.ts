import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { undoImport } from '../../src/people/undo-import.ts'
import type { SipPhone } from '../support/sip/phone.ts'
import { openRiver, type River } from './open-river.ts'

const PIN = '735192'

let river: River

beforeAll(async () => {
  river = await openRiver()
  await river.bring(
    `external_id,extension,last_name,did,voicemail_pin\nx1,1001,Abel,+493012345001,${PIN}\nx2,1002,Boot,,862047\nx3,1003,Clark,,\n`,
  )
})
afterEach(() => river.closePhones())
afterAll(() => river.close())

/** Leaves a message that is a tone of so many Hz. */
async function leaveMessage(caller: SipPhone, number: string, tone: number): Promise<void> {
  const call = await caller.call(number, { tone })
  await call.answered()
  await call.sendDigits('#')
  await pause(2_500)
  await call.hangUp()
}

/** Opens the mailbox by a feature code and these digits, and hears the first new message. */
async function hear(phone: SipPhone, code: string, digits: readonly string[], tone: number): Promise<void> {
  const call = await phone.call(code)
  await call.answered()
  for (const group of digits) {
    await pause(900)
    await call.sendDigits(group)
  }
  await pause(1_000)
  await call.sendDigits('1')
  await call.waitForTone(tone, 20_000)
  await call.hangUp()
}

test('two people who swap numbers keep their messages, PINs and lamps, and are called under the new ones', async () => {
  const clark = await river.phone('1003-acme')
  await leaveMessage(clark, '1001', 1_000)
  await river.pbx.owner.query(`update asterisk.voicemail set password = '998877' where mailbox = '1001'`)
  const before = await river.pbx.readSecrets()
  const stale = await river.phone('1001-acme')
  const swapped = await river.bring('external_id,extension\nx1,1002\nx2,1001\n')

  const after = await river.pbx.readSecrets()
  expect([after.get('1002-acme'), after.get('1001-acme')]).toEqual([before.get('1001-acme'), before.get('1002-acme')])
  await expect(stale.register()).rejects.toMatchObject({ status: 401 })
  const [abel, boot] = [await river.phone('1002-acme'), await river.phone('1001-acme')]
  expect(await abel.waitForMessages(1)).toMatchObject({ waiting: true })
  for (const [number, callee] of [
    ['1002', abel],
    ['1001', boot],
  ] as const) {
    const call = await clark.call(number)
    await (await callee.nextCall()).answer()
    await call.answered()
    await call.hangUp()
  }
  await hear(abel, '*97', ['998877#'], 1_000)

  expect(await undoImport(river.desk, river.acme, swapped, 'test')).toMatchObject({ kept: [] })
  await river.tell()
  const back = await river.phone('1001-acme')
  const call = await clark.call('1001')
  await (await back.nextCall()).answer()
  await call.answered()
  await call.hangUp()
}, 120_000)

test('under a new number a person finds the old messages, also from somebody else’s phone by saying the new number', async () => {
  const clark = await river.phone('1003-acme')
  await leaveMessage(clark, '1002', 600)
  await river.bring('external_id,extension\nx2,1005\n')
  expect((await (await clark.call('1002')).ended()).status).toBe(404)
  await hear(clark, '*98', ['1005#', '862047#'], 600)
  await river.bring('extension,last_name\n1002,New\n')
  const fresh = await river.phone('1002-acme')
  expect(await fresh.waitForMessages(0)).toMatchObject({ waiting: false })
}, 120_000)
