import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { prepareLink } from '../../src/boot/prepare-link.ts'
import { findDevice } from '../../src/people/find-device.ts'
import { rotateDevice } from '../../src/people/rotate-device.ts'
import { storeLink } from '../../src/people/phones/store-link.ts'
import { families, openSite, type Site } from './open-site.ts'

const PEOPLE = 'extension,username,mac,model\n1001,ada,,Linphone\n1002,ben,,Zoiper\n1003,cleo,001565000003,T46U\n'
const SITE = { families, phonesUrl: 'https://phones.example.org/' }

let site: Site
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(PEOPLE)
})
beforeEach(async () => {
  await site.database.query('delete from offhook.device_links')
})
afterAll(() => site.close())

/** A link to a device, as a path. */
async function makeLink(name = 'ada/linphone', minutes = 60): Promise<{ token: string; picture: string }> {
  const { device } = await findDevice(site.desk, site.desk.acme, name)
  const found = { name: String(device['name']), family: String(device['family']) }
  const { token, picture } = prepareLink(SITE, found, { zoiper: 'PROVIDER' })
  const deviceId = Number(device['id'])
  await storeLink(site.desk, site.desk.acme, { deviceId, token, minutes }, 'test')
  return { token: token.reveal(), picture }
}

const ask = (token: string, address = '192.0.2.1', file = 'linphone.xml') => site.ask({ token, file, address })

async function outcomes(): Promise<string[]> {
  await expect.poll(async () => (await site.database.query('select from offhook.device_contacts')).rowCount).not.toBe(0)
  const { rows } = await site.database.query('select outcome from offhook.device_contacts order by id')
  return (rows as { outcome: string }[]).map(({ outcome }) => outcome)
}

test('a link gives the app its file with its own address, and is in the picture instead of that', async () => {
  const { token, picture } = await makeLink()
  const own = await site.tokenOf('ada/linphone')
  expect(picture).toBe(`https://phones.example.org/${token}/linphone.xml`)
  const answer = await ask(token)
  expect(answer?.bytes.toString()).toContain(`/${own}/linphone.xml`)
  expect(answer?.bytes.toString()).not.toContain(token)
  expect((await ask(own))?.bytes).toEqual(answer!.bytes)
})

test('it works once: again a moment later from the same place, and never from another or after that', async () => {
  const { token } = await makeLink()
  const other = await makeLink()
  expect(await ask(token)).not.toBeNull()
  expect(await ask(token), 'apps ask twice').not.toBeNull()
  expect(await ask(token, '192.0.2.2')).toBeNull()
  expect(await ask(other.token), 'others of the device are void').toBeNull()
  await site.database.query(`update offhook.device_links set used_at = used_at - interval '3 minutes'`)
  expect(await ask(token)).toBeNull()
  expect((await outcomes()).slice(-1)).toEqual(['link-spent'])
})

test('of many who come with one link at the same moment one gets the file', async () => {
  const { token } = await makeLink()
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => ask(token, `192.0.2.${at + 10}`)))
  expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
})

test('a link is void when its time is over, its device has another address or is gone, and leads nowhere else', async () => {
  const { token: late } = await makeLink()
  await site.database.query(
    `update offhook.device_links set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'`,
  )
  expect(await ask(late)).toBeNull()
  const { token: rotated } = await makeLink()
  await rotateDevice(site.desk, site.desk.acme, await findDevice(site.desk, site.desk.acme, 'ada/linphone'), 'test')
  expect(await ask(rotated)).toBeNull()
  const { token } = await makeLink('ben/zoiper')
  expect(await ask(token, '192.0.2.1', 'linphone.xml'), 'another app’s file').toBeNull()
  const again = await makeLink('ben/zoiper')
  expect(await site.ask({ token: again.token, file: 'zoiper.xml', transport: 'tftp' }), 'in clear').toBeNull()
  expect(await site.ask({ token: again.token, file: '001565000003.cfg' })).toBeNull()
  expect(await ask(again.token, '192.0.2.1', 'zoiper.xml')).not.toBeNull()
})

test('each app has its own words, and what cannot be set up by a picture says so', () => {
  const link = (family: string, apps: Record<string, string> = {}) => {
    const { token, picture, tap } = prepareLink(SITE, { name: 'a b', family }, apps)
    return [picture, tap].map((text) => text.replaceAll(token.reveal(), 'TOKEN'))
  }
  const url = 'https://phones.example.org/TOKEN/linphone.xml'
  expect(link('linphone')).toEqual([url, `linphone-config:${url}`])
  expect(link('acrobits', { acrobits: 'CLOUD*' })[0]).toBe('csc:a%20b:TOKEN@CLOUD*')
  expect(link('zoiper', { zoiper: 'f00' })[0]).toBe(
    'https://oem.zoiper.com/qr-howto.php?provider_id=f00&u=&h=&p=&o=&t=TOKEN%2Fzoiper.xml&x=&a=&tr=',
  )
  expect(() => link('acrobits')).toThrow('offhook phone-rules acrobits=')
  expect(() => link('yealink')).toThrow('cannot be set up by a picture')
})
