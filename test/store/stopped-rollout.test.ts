import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { openAddresses } from '../../src/jobs/open-addresses.ts'
import { startRolloutWorker } from '../../src/jobs/rollout-worker.ts'
import { startWebhookWorker } from '../../src/jobs/webhook-worker.ts'
import { addWebhook } from '../../src/people/webhooks/webhooks.ts'
import { setRollout } from '../../src/store/rollouts.ts'
import { families } from '../boot/open-site.ts'
import { openReceiver, type Receiver } from '../support/receiver.ts'
import { openStockedSite, type StockedSite } from './stocked-site.ts'

const PHONES = ['001565ab0001', '001565ab0002', '001565ab0003']
const NEW = '108.86.0.90'
const log = { info: () => undefined, warn: () => undefined }

let site: StockedSite
let owner: ReturnType<typeof createPool>
let receiver: Receiver
const workers: { close(): Promise<unknown> }[] = []
beforeAll(async () => {
  site = await openStockedSite()
  owner = createPool(site.database.url, 'owner')
  receiver = await openReceiver()
  const rows = PHONES.map((mac, n) => `${1001 + n},User${n},${mac},T46U`)
  await site.importPeople(`extension,last_name,mac,model\n${rows.join('\n')}\n`)
  await site.addImage('T46U.rom', Buffer.from('the newest firmware'))
  await setRollout(site.shelf, site.desk.acme, { family: 'yealink', model: 'T46U' }, { version: NEW }, 'test')
  await site.roll()
})
afterAll(async () => {
  for (const worker of workers) await worker.close()
  await receiver.close()
  await owner.end()
  await site.close()
})

test('a rollout that stops by itself tells who wants to know, once, signed, and nobody of another tenant', async () => {
  const { desk } = site
  const events = ['rollout.stopped']
  const { secret } = await addWebhook(desk, desk.acme, { url: receiver.url, events }, 'test')
  await addWebhook(desk, desk.acme, { url: receiver.url, events: ['user.created'] }, 'test')
  await addWebhook(desk, desk.zeta, { url: receiver.url, events }, 'test')
  await site.database.query(
    `update offhook.firmware_offers o set state = case d.mac when $1 then 'updated' else 'fetched' end,
       told_at = now() - interval '3 hours', fetched_at = now() - interval '2 hours',
       ended_at = case d.mac when $1 then now() end
     from offhook.devices d where d.id = o.device_id`,
    [PHONES[0]],
  )
  const office = { pool: owner, vault: desk.vault, isOpen: openAddresses(['127.0.0.0/8', '::1']) }
  workers.push(startWebhookWorker({ url: site.database.url, office, log }))
  workers.push(startRolloutWorker({ url: site.database.url, pool: owner, families, log, sweepMs: 200 }))
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 20_000 })
  const [got] = receiver.received
  const body = new Webhook(secret.reveal()).verify(got!.body, got!.headers as Record<string, string>)
  expect(body).toEqual({
    type: 'rollout.stopped',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    data: {
      tenant: 'acme',
      rollout: {
        ...{ id: expect.any(Number) as number, family: 'yealink', model: 'T46U', version: NEW, missing: 2, back: 1 },
        note: `2 of 3 phones that fetched ${NEW} did not come back`,
      },
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(receiver.received).toHaveLength(1)
}, 60_000)
