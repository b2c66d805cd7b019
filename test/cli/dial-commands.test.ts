import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPng, readQr } from '../support/read-qr.ts'
import { failure, openInstallation, some, text } from './open-installation.ts'

const PEOPLE =
  'extension,username,mac,model\n1001,ada,00:15:65:ab:cd:01,T46U\n1002,ben,,Linphone\n1003,cleo,,Groundwire\n'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
  await site.offhook(['import', site.file('people.csv', PEOPLE), '--apply'])
}, 120_000)
afterAll(() => site.close())

test('a claim code is printed once, is listed with its state, and ends', async () => {
  const made = await site.offhook([
    'claim-code',
    'create',
    '--installer',
    'Ida',
    '--from',
    '192.0.2.0/24',
    '--minutes',
    '30',
  ])
  expect(made.stdout).toMatch(/^\d{8}\n$/)
  expect(made.stderr).toContain('dial *91 on it')
  const [, listed] = await site.json('claim-code', 'list')
  expect(listed).toMatchObject([{ installer: 'Ida', networks: ['192.0.2.0/24'], state: 'open', claimed: 0 }])
  expect(JSON.stringify(listed)).not.toContain(made.stdout.trim())
  const id = String((listed as { id: number }[])[0]!.id)
  await site.each({
    'claim-code phones': [0, []],
    'claim-code revoke x': [1, failure('input-invalid')],
    'claim-code revoke 999999999': [1, failure('claim-code-unknown')],
    'claim-code create --minutes 1441': [1, failure('input-invalid')],
    'claim-code create --from nowhere': [1, failure('input-invalid')],
    'claim-code create --phones 0': [1, failure('input-invalid')],
  })
  expect(await site.json('claim-code', 'revoke', id)).toEqual([0, { revoked: 1 }])
  expect((await site.json('claim-code', 'list'))[1]).toMatchObject([{ state: 'revoked' }])
}, 120_000)

test('a softphone’s picture goes to the terminal or a file, and an app that needs an account says which', async () => {
  const png = site.file('ben.png')
  const [code, document] = await site.json('phone', 'qr', 'ben/linphone', '--out', png)
  expect([code, document]).toEqual([
    ...[
      0,
      { phone: expect.stringContaining('linphone') as string, picture: text, tap: text, expires_at: text, file: png },
    ],
  ])
  const { picture } = document as { picture: string }
  expect(readQr(readPng(readFileSync(png)))).toBe(picture)
  expect(picture).toMatch(/^http:\/\/127\.0\.0\.1:8081\/[\w-]{22}\/linphone\.xml$/)
  const shown = await site.offhook(['phone', 'qr', 'ben/linphone'])
  expect(shown.stdout).toContain('█')
  expect(shown.stderr).toContain('linphone-config:http://127.0.0.1:8081/')
  const svg = site.file('ben.svg')
  await site.offhook(['phone', 'qr', 'ben/linphone', '--out', svg])
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /)
  await site.each({
    'phone qr 001565abcd01': [1, failure('setting-unsupported')],
    'phone qr cleo/acrobits': [1, failure('setting-missing')],
    'phone qr ben/linphone --out ben.jpg': [1, failure('input-invalid')],
    'phone qr ben/linphone --minutes 0': [1, failure('input-invalid')],
    'phone-rules tftp=maybe': [1, failure('input-invalid')],
    'phone-rules yealink=x': [1, failure('input-invalid')],
  })
  expect(await site.json('phone-rules', 'acrobits=CLOUD*', 'tftp=on')).toEqual([
    ...[0, { tftp: true, apps: { acrobits: 'CLOUD*' } }],
  ])
  expect((await site.json('phone', 'qr', 'cleo/acrobits'))[1]).toMatchObject({
    picture: expect.stringMatching(/^csc:cleo%2Facrobits[^:]*:[\w-]{22}@CLOUD\*$/) as string,
  })
  expect(await site.json('phone-rules', 'acrobits=', 'tftp=off')).toEqual([0, { tftp: false, apps: {} }])
}, 180_000)

test('releases are listed and closed, and who waits is dismissed', async () => {
  await site.offhook(['phone', 'release', '001565abcd01'])
  await site.offhook(['phone', 'release', 'all'])
  expect((await site.json('phone', 'releases'))[1]).toMatchObject([{ device: null }, { device: '001565abcd01' }])
  const closed = await site.offhook(['phone', 'close', '001565abcd01'])
  expect(closed.stdout).toBe(
    'One release is closed. A release for all phones of the tenant is still open: offhook phone close all\n',
  )
  expect(await site.json('phone', 'close', 'all')).toEqual([0, { phone: 'all', closed: 1 }])
  expect(await site.json('phone', 'releases')).toEqual([0, []])
  await site.each({
    'phone dismiss 001565000009': [1, failure('device-unknown')],
    'phone dismiss all': [0, { dismissed: 0 }],
  })
}, 120_000)

test('what is wrong in a kept import is listed by cause, and cured in all rows at once', async () => {
  const list = site.file(
    'more.csv',
    'extension,first_name,mac,model\n2001,Al,001565000021,T46V\n2002,Bo,001565000022,T46V\n',
  )
  const [, kept] = await site.json('import', list, '--keep')
  const id = String((kept as { import: number }).import)
  const [code, repairs] = await site.json('repairs', id)
  expect([code, repairs]).toMatchObject([1, [{ field: 'model', rows: [1, 2], count: some }]])
  const { code: cause } = (repairs as { code: string }[])[0]!
  expect(await site.json('repair', id, 'model', 'no-such-code')).toEqual([1, failure('input-invalid')])
  expect(await site.json('repair', id, 'model', cause, 'T46U')).toEqual([
    0,
    { import: Number(id), repaired: 2, left: [] },
  ])
  expect(await site.json('repairs', id)).toEqual([0, []])
}, 120_000)
