import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addGroup } from '../../src/people/groups/edit-groups.ts'
import { openRiver, until, type River } from './open-river.ts'

let river: River

beforeAll(async () => {
  river = await openRiver()
  await addGroup(river.desk, river.acme, { name: 'Sales', number: '500', timeoutSeconds: 20 }, 'test')
  await river.bring(
    'external_id,extension,last_name,groups\nx1,1001,Caller,\nx2,1002,Boot,Sales\nx3,1003,Clark,\nx4,1004,Dean,Sales\n',
  )
})
afterEach(() => river.closePhones())
afterAll(() => river.close())

test('a call to the number of a group rings every phone of its members, and the first who answers has it', async () => {
  const caller = await river.phone('1001-acme')
  const [desk, second, outsider] = [
    await river.phone('1002-acme'),
    await river.phone('1002-acme'),
    await river.phone('1003-acme'),
  ]
  const call = await caller.call('500', { tone: 440 })
  const [one, two] = await Promise.all([desk.nextCall(), second.nextCall()])
  one.ring()
  expect(one.callerNumber).toBe('1001')
  await two.answer({ tone: 800 })
  await Promise.all([call.waitForTone(800), two.waitForTone(440)])
  expect((await one.ended()).by).toBe('them')
  await call.hangUp()
  await expect(outsider.nextCall(100)).rejects.toThrow('expected an incoming call')
})

test('who joins is rung by the next call, who talks is not, who left or is paused is not, without a reload', async () => {
  const caller = await river.phone('1001-acme')
  const [boot, clark] = [await river.phone('1002-acme'), await river.phone('1003-acme')]
  await river.bring('extension,groups\n1003,Sales\n')
  const talk = await caller.call('1002')
  await (await boot.nextCall()).answer()
  await talk.answered()
  const other = await river.phone('1004-acme')
  const call = await other.call('500')
  await (await clark.nextCall()).answer()
  await call.answered()
  await expect(boot.nextCall(300)).rejects.toThrow('expected an incoming call')
  await call.hangUp()
  await talk.hangUp()

  await river.bring('extension,groups\n1002,-\n')
  await river.pbx.owner.query(
    `update asterisk.queue_members set paused = 1 where membername = 'Clark' and state_interface = 'PJSIP/1003-acme'`,
  )
  const lonely = await caller.call('500')
  await expect(Promise.any([boot.nextCall(600), clark.nextCall(600)])).rejects.toThrow()
  await lonely.hangUp()
})

test('who is suspended loses the phone at once and takes no calls, and has all back afterwards', async () => {
  await river.bring('extension,groups\n1002,Sales\n')
  const caller = await river.phone('1001-acme')
  const suspended = await river.phone('1002-acme')
  await river.bring('extension,suspended\n1002,yes\n')
  await expect(suspended.register()).rejects.toMatchObject({ status: 401 })
  const call = await caller.call('1002')
  await call.answered()
  await until('the mailbox', async () =>
    (await river.pbx.asterisk.cli('core show channels concise')).includes('VoiceMail!1002@acme,u'),
  )
  await call.hangUp()
  const { rowCount } = await river.pbx.owner.query(
    `select from asterisk.queue_members where state_interface = 'PJSIP/1002-acme'`,
  )
  expect(rowCount).toBe(0)
  await river.bring('extension,suspended\n1002,no\n')
  await suspended.register()
  await pause(200)
  const again = await caller.call('500')
  await (await suspended.nextCall()).answer()
  await again.answered()
  await again.hangUp()
})
