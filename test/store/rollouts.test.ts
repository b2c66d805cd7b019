import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAsset, listAssets, removeAsset } from '../../src/store/assets.ts'
import { collectGarbage } from '../../src/store/collect-garbage.ts'
import { listFirmware, removeFirmware } from '../../src/store/firmware.ts'
import { listPins, pinFirmware } from '../../src/store/pins.ts'
import { isInShare } from '../../src/store/rollout-rules.ts'
import { listRollouts, removeRollout, type RolloutChanges, setRollout } from '../../src/store/rollouts.ts'
import { createPool } from '../../src/db/pool.ts'
import { inPieces, makePng, makeWav, sha256 } from './files.ts'
import { useAsset } from '../../src/store/use-asset.ts'
import { openStockedSite, type StockedSite } from './stocked-site.ts'

const PHONES = 12
const OLD = '108.86.0.20'
const NEW = '108.86.0.90'
const macOf = (n: number) => `001565ab00${String(n).padStart(2, '0')}`
const nameOf = (n: number) => String(1001 + n)
const IMAGE = Buffer.from('the newest firmware '.repeat(1_000))

let site: StockedSite
let owner: ReturnType<typeof createPool>
beforeAll(async () => {
  site = await openStockedSite()
  owner = createPool(site.database.url, 'owner')
  const rows = Array.from({ length: PHONES }, (_, n) => `${nameOf(n)},User${nameOf(n)},${macOf(n)},T46U`)
  await site.importPeople(`extension,last_name,mac,model\n${rows.join('\n')}\n`)
})
afterAll(async () => {
  await owner.end()
  await site.close()
})

const acme = () => site.desk.acme
const place = { family: 'yealink', model: 'T46U' }
const roll = (changes: RolloutChanges) => setRollout(site.shelf, acme(), place, changes, 'test')

/** Asks as the phone does, and waits until its story tells of it: that is written some time later. */
async function ask(n: number, file: string, firmware: string, model = 'T46U') {
  const count = async () => {
    const { rows } = await site.database.query('select count(*)::int as count from offhook.device_contacts')
    return (rows as { count: number }[])[0]!.count
  }
  const before = await count()
  const userAgent = `Yealink SIP-${model} ${firmware} ${macOf(n).match(/../g)!.join(':')}`
  const answer = await site.ask({ token: await site.tokenOf(macOf(n)), file, userAgent })
  await expect.poll(count, { timeout: 5_000 }).toBeGreaterThan(before)
  return answer
}

/** The configuration that a phone gets when it boots. */
const boot = async (n: number, firmware = OLD, model = 'T46U') =>
  (await ask(n, `${macOf(n)}.cfg`, firmware, model))!.bytes.toString()

const fetchImage = (n: number) => ask(n, 'firmware/T46U.rom', OLD)

/** Moves what happened into the past. */
async function pass(minutes: number): Promise<void> {
  const back = (column: string) => `${column} = ${column} - make_interval(mins => ${minutes})`
  await site.database.query(`update offhook.device_contacts set ${back('at')}`)
  await site.database.query(
    `update offhook.firmware_offers set ${['offered_at', 'told_at', 'fetched_at'].map(back).join(', ')}`,
  )
}

const progress = async () => (await listRollouts(site.shelf, acme()))[0]!.phones
const LINE = 'static.firmware.url = '

test('an image is stored once, whoever sends it and however often, and its files are looked at by name and model', async () => {
  const both = await Promise.all([site.addImage('T46U.rom', IMAGE), site.addImage('/tmp/T46U.rom', IMAGE)])
  expect(both.map(({ id }) => id)).toEqual([both[0].id, both[0].id])
  expect(site.store.list()).toEqual([sha256(IMAGE)])
  await expect(site.addImage('T46U.rom', Buffer.from('another'))).rejects.toMatchObject({ code: 'already-there' })
  const wrong = { family: 'yealnik' }
  await expect(site.addImage('T46U.rom', IMAGE, wrong)).rejects.toThrow(/Did you mean yealink\?/)
  await expect(site.addImage('T46U.rom', IMAGE, { models: ['T46V'] })).rejects.toThrow(/has no model/)
  await expect(site.addImage('T46U.zip', IMAGE)).rejects.toThrow(/names such as T54W-96\.86\.0\.45\.rom/)
  await expect(site.addImage('a.rom', IMAGE, { version: '../1' })).rejects.toThrow(/not a version/)
  const { files } = await site.addImage('T48S.rom', Buffer.from('for another model'), { models: ['t48s', 'T48U'] })
  expect(files.map(({ name, models }) => [name, models])).toEqual([
    ['T46U.rom', []],
    ['T48S.rom', ['T48S', 'T48U']],
  ])
  expect(await listFirmware(site.shelf, site.desk.zeta)).toEqual([])
})

test('hostile names never reach the disk: they are refused, or their last part is a row', async () => {
  const before = site.store.list()
  const names = [
    '../../etc/passwd',
    '..',
    '.rom',
    'a\0.rom',
    'a/../b',
    'CON.rom',
    'a b.rom',
    '%2e%2e.rom',
    '💣.rom',
    '',
  ]
  for (const name of [...names, `${'x'.repeat(200)}.rom`, 'a\n.rom', '-rf.rom', 'C:\\x\\.rom'])
    await expect(site.addImage(name, IMAGE, { version: '6.6' }), JSON.stringify(name)).rejects.toMatchObject({
      code: 'input-invalid',
    })
  const image = await site.addImage('..\\..\\evil/../T46U-x.rom', IMAGE, { version: '6.6' })
  expect(image.files.map(({ name }) => name)).toEqual(['T46U-x.rom'])
  await removeFirmware(site.shelf, acme(), { family: 'yealink', version: '6.6' }, 'test')
  expect(site.store.list()).toEqual(before)
})

test('phones of the share are told at their next boot, and the share only grows', async () => {
  for (let n = 0; n < PHONES; n++) expect(await boot(n)).not.toContain(LINE)
  const ids = await Promise.all(Array.from({ length: PHONES }, (_, n) => site.idOf(macOf(n))))
  const inside = (percent: number) => ids.flatMap((id, n) => (isInShare(id, percent) ? [n] : []))
  await roll({ version: NEW, percentage: 40 })
  expect(await site.roll()).toMatchObject({ offered: inside(40).length })
  for (let n = 0; n < PHONES; n++) expect((await boot(n)).includes(LINE), `phone ${n}`).toBe(inside(40).includes(n))
  await roll({ percentage: 100 })
  expect(await site.roll()).toMatchObject({ offered: PHONES - inside(40).length, rested: 0 })
  const url = `http://phones.example.org:8081/${await site.tokenOf(macOf(0))}/firmware/T46U.rom`
  expect(await boot(0)).toContain(`${LINE}${url}\n`)
  expect((await progress()).offered + (await progress()).told).toBe(PHONES)
})

test('progress follows from what phones say and fetch: updated, failed, gone', async () => {
  await site.roll()
  expect(await progress()).toMatchObject({ updated: 0, failed: 0, missing: 0 })
  const image = await fetchImage(0)
  expect(image).toMatchObject({ etag: `"${sha256(IMAGE)}"`, stored: { sizeBytes: IMAGE.length } })
  await fetchImage(1)
  await site.roll()
  expect(await progress()).toMatchObject({ fetched: 2 })
  await boot(0, NEW)
  await site.roll()
  expect(await progress()).toMatchObject({ fetched: 1, updated: 1 })
  for (let visit = 0; visit < 4; visit++) {
    await pass(10)
    await boot(2)
    await site.roll()
  }
  expect(await progress()).toMatchObject({ updated: 1, failed: 1 })
  await boot(2, NEW)
  await site.roll()
  expect(await progress()).toMatchObject({ updated: 2, failed: 0 })
})

test('a rollout whose phones do not come back stops by itself, and goes on when an admin says so', async () => {
  expect(await progress()).toMatchObject({ missing: 1 })
  const [stopped] = await listRollouts(site.shelf, acme())
  expect(stopped).toMatchObject({ state: 'stopped', note: `1 of 2 phones that fetched ${NEW} did not come back` })
  expect(await boot(3)).not.toContain(LINE)
  expect(await boot(0, NEW), 'who has it keeps it in its file').toContain(LINE)
  expect(await site.ask({ token: await site.tokenOf(macOf(3)), file: 'firmware/T46U.rom' })).toBeNull()
  const { rows } = await site.database.query(`select action, actor from offhook.audit where action = 'rollout-stop'`)
  expect(rows).toEqual([{ action: 'rollout-stop', actor: 'rollout' }])
  expect((await roll({ paused: false })).state).toBe('running')
  await site.roll()
  expect(await boot(3)).toContain(LINE)
  expect((await roll({ stopAbove: 60 })).stop_above).toBe(60)
})

test('a pause, a date and a window keep phones from it that do not have it', async () => {
  await roll({ paused: true })
  await site.roll()
  expect(await boot(4)).not.toContain(LINE)
  await roll({ paused: false, notBefore: new Date('2030-01-01T00:00:00Z') })
  await site.roll()
  expect(await boot(4)).not.toContain(LINE)
  await site.roll(new Date('2030-01-01T00:00:01Z'))
  expect(await boot(4)).toContain(LINE)
  await site.database.query(`update offhook.tenants set defaults = '{"timezone": "Asia/Tokyo"}' where slug = 'acme'`)
  expect(await roll({ notBefore: null, window: '22:00-05:00' })).toMatchObject({
    window: '22:00-05:00',
    timezone: 'Asia/Tokyo',
  })
  await site.roll(new Date('2026-05-01T10:00:00Z'))
  expect(await boot(4)).not.toContain(LINE)
  await site.roll(new Date('2026-05-01T13:00:00Z'))
  expect(await boot(4)).toContain(LINE)
  await roll({ window: null })
  await expect(roll({ window: '25:00-26:00' })).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(roll({ percentage: 101 })).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(roll({ version: '9.9' })).rejects.toMatchObject({ code: 'firmware-unknown' })
})

test('a phone that says that it is another model gets nothing, and a pin goes before everything', async () => {
  await boot(5, OLD, 'T48S')
  await site.roll()
  expect(await boot(5, OLD, 'T48S')).not.toContain(LINE)
  const other = { family: 'yealink', version: '108.86.0.91' }
  await site.addImage('T46U-91.rom', Buffer.from('ninety-one'), { version: other.version })
  const pin = (version: string | null | undefined) =>
    pinFirmware(site.shelf, acme(), { phone: '00:15:65:AB:00:06', version }, 'test')
  await pin(other.version)
  await roll({ paused: true })
  await site.roll()
  expect(await boot(6)).toContain('/firmware/T46U-91.rom\n')
  await expect(removeFirmware(site.shelf, acme(), other, 'test')).rejects.toMatchObject({ code: 'in-use' })
  await pin(null)
  await site.roll()
  expect(await boot(6)).not.toContain(LINE)
  expect(await listPins(site.shelf, acme())).toMatchObject([{ phone: macOf(6), version: null }])
  await pin(undefined)
  await expect(pin(undefined)).rejects.toThrow(/not pinned/)
  await removeFirmware(site.shelf, acme(), other, 'test')
  await expect(removeFirmware(site.shelf, acme(), { family: 'yealink', version: NEW }, 'test')).rejects.toMatchObject({
    code: 'in-use',
  })
})

test('a change of the offer names the phones whose files differ, progress does not', async () => {
  const changed = async () =>
    (await site.database.query('delete from offhook.changed_devices returning device_id')).rowCount
  await changed()
  await roll({ paused: false })
  await site.roll()
  expect(await changed()).toBeGreaterThan(3)
  await site.roll()
  expect(await changed()).toBe(0)
})

test('a ringtone or wallpaper is chosen by model, fits it, and has another address with another content', async () => {
  const shelf = site.shelf
  const put = (kind: 'ringtone' | 'wallpaper', name: string, bytes: Buffer, more = {}) =>
    addAsset(shelf, acme(), { kind, name, content: inPieces(bytes), ...more }, 'test')
  const wav = makeWav({ tag: 1, rateHz: 8000, bits: 16 })
  await put('ringtone', 'office.wav', wav)
  await put('wallpaper', 'office.png', makePng(800, 480))
  const fitting = makePng(480, 272)
  const t46 = { family: 'yealink', model: 'T46U' }
  await expect(put('wallpaper', 'office.png', makePng(800, 480), t46)).rejects.toThrow(
    /T46U shows 480x272, this has 800x480/,
  )
  await expect(
    put('ringtone', 'a.wav', makeWav({ tag: 1, rateHz: 44_100, bits: 16 }), { family: 'yealink' }),
  ).rejects.toThrow(/mono 16-bit PCM of 8000 Hz or mulaw of 8000 Hz; this is pcm of 44100 Hz/)
  const own = put('ringtone', `${macOf(7)}.cfg`, wav, { kind: 'licence', family: 'yealink' })
  await expect(own).rejects.toThrow(/is what Yealink phones call their \w+ file/)
  await expect(put('wallpaper', 'a.png', wav)).rejects.toThrow(/no PNG, JPEG or BMP/)
  const use = (kind: 'ringtone' | 'wallpaper', name: string | null, where = {}) =>
    useAsset(shelf, acme(), { kind, name, ...where }, 'test')
  expect(await use('ringtone', 'OFFICE')).toEqual({ name: 'office', unfit: [] })
  const reason = 'T46U shows 480x272, this has 800x480'
  const unfit = [{ family: 'yealink', model: 'T46U', phones: 1, reason }]
  expect(await use('wallpaper', 'office', { phone: macOf(7) })).toEqual({ name: 'office', unfit })
  await expect(use('wallpaper', 'kitchen')).rejects.toThrow(/There is no wallpaper “kitchen”. There is: office\./)
  await expect(use('wallpaper', 'office', { location: 'Nowhere' })).rejects.toMatchObject({ code: 'location-unknown' })
  const address = (folder: string, bytes: Buffer, end: string) =>
    `/${folder}/${sha256(bytes).slice(0, 8)}/office.${end}\n`
  await expect.poll(() => boot(7), { timeout: 5_000 }).toContain(address('ringtone', wav, 'wav'))
  expect(await boot(7)).not.toContain('wallpaper_upload')
  await put('wallpaper', 'office.png', fitting, t46)
  expect(await boot(7)).toContain(`wallpaper_upload.url = `)
  expect(await boot(7)).toContain(address('wallpaper', fitting, 'png'))
  const other = makeWav({ tag: 7, rateHz: 8000, bits: 8 })
  await put('ringtone', 'office.wav', other)
  expect(await boot(7)).toContain(address('ringtone', other, 'wav'))
  const gone = await site.ask({
    token: await site.tokenOf(macOf(7)),
    file: `ringtone/${sha256(wav).slice(0, 8)}/office.wav`,
  })
  expect(gone).toBeNull()
  await expect(removeAsset(shelf, acme(), { kind: 'ringtone', name: 'office' }, 'test')).rejects.toThrow(
    /a setting of the tenant/,
  )
  await removeAsset(shelf, acme(), { kind: 'wallpaper', name: 'office' }, 'test')
  expect((await listAssets(shelf, acme())).map(({ kind, model }) => [kind, model])).toEqual([
    ['ringtone', null],
    ['wallpaper', 'T46U'],
  ])
})

test('cleaning keeps what any tenant needs, and what is uploaded meanwhile', async () => {
  await addAsset(
    site.shelf,
    site.desk.zeta,
    { kind: 'language', name: 'lang.txt', family: 'yealink', content: inPieces(Buffer.from('Hallo')) },
    'test',
  )
  const wanted = async () => {
    const { rows } = await site.database.query(
      `select encode(sha256, 'hex') as name from offhook.assets union select encode(sha256, 'hex') from offhook.firmware_files`,
    )
    return (rows as { name: string }[]).map(({ name }) => name).sort()
  }
  const rounds = Array.from({ length: 10 }, async (_, n) => {
    await site.addImage(`T46U-${n % 2}.rom`, Buffer.from(`image ${n % 2}`), { version: `7.${n % 5}` })
    await collectGarbage(owner, site.store.folder, new Date())
  })
  await Promise.all(rounds)
  expect(await collectGarbage(owner, site.store.folder, new Date())).toBe(0)
  expect(site.store.list()).toEqual(await wanted())
  await removeRollout(site.shelf, acme(), place, 'test')
  await removeFirmware(site.shelf, acme(), { family: 'yealink', version: NEW }, 'test')
  expect(await collectGarbage(owner, site.store.folder, new Date())).toBeGreaterThan(0)
  expect(site.store.list()).toEqual(await wanted())
  expect(site.store.list()).not.toContain(sha256(IMAGE))
})
