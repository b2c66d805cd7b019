import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, PEOPLE, some } from './open-installation.ts'

const PHONE = '001565abcd01'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
  await site.json('import', site.file('people.csv', PEOPLE), '--apply')
  await site.json('location', 'add', 'Wien')
}, 120_000)
afterAll(() => site.close())

test('a profile is made, given to a phone, and what it says is in the phone’s file', async () => {
  expect(await site.json('profile', 'add', 'Lobby')).toEqual([0, { id: some, name: 'Lobby', phones: 0 }])
  expect(await site.json('profile', 'assign', 'Lobby', PHONE)).toEqual([0, { profile: 'Lobby', phones: [PHONE] }])
  const words = ['timezone=Europe/Vienna', 'codecs=pcma,pcmu', 'vlanId=20', 'keys.3.kind=blf', 'keys.3.value=1002']
  const set = await site.json('settings', 'set', '--profile', 'Lobby', ...words, 'raw.features.dnd.allow=0')
  const said = {
    ...{ timezone: 'Europe/Vienna', codecs: ['pcma', 'pcmu'], vlanId: 20, 'keys.3.kind': 'blf' },
    ...{ 'keys.3.value': '1002', 'raw.features.dnd.allow': '0' },
  }
  expect(set).toEqual([0, { settings: said, unfit: [] }])
  expect(await site.json('settings', 'show', '--profile', 'Lobby')).toEqual([0, said])
  const { stdout } = await site.offhook(['phone', 'render', PHONE, `${PHONE}.cfg`])
  expect(stdout).toContain('features.dnd.allow = 0')
  expect(stdout).toMatch(/linekey\.3\.value = 1002/)
  expect(await site.json('settings', 'set', '--profile', 'Lobby', 'vlanId=', 'codecs=')).toMatchObject([0, {}])
  const left = { timezone: 'Europe/Vienna', 'raw.features.dnd.allow': '0' }
  expect(await site.json('settings', 'unset', '--profile', 'Lobby', 'keys.3')).toEqual([
    0,
    { settings: left, unfit: [] },
  ])
  await site.each({
    'profile list': [0, [{ id: some, name: 'Lobby', phones: 1 }]],
    'profile remove Lobby': [1, failure('in-use')],
    'profile add Lobby': [1, failure('already-there')],
    'settings show --profile Lobbi': [1, failure('profile-unknown')],
    'settings unset --profile Lobby': [1, failure('input-invalid')],
  })
  expect(await site.json('settings', 'unset', '--profile', 'Lobby', '--all')).toEqual([0, { settings: {}, unfit: [] }])
  expect(await site.json('profile', 'unassign', PHONE)).toEqual([0, { profile: null, phones: [PHONE] }])
  expect(await site.json('profile', 'rename', 'Lobby', 'Foyer')).toMatchObject([0, { name: 'Foyer' }])
  expect(await site.json('profile', 'remove', 'Foyer')).toEqual([0, { name: 'Foyer' }])
}, 180_000)

test('secrets come from files, in every layer, and are shown to nobody', async () => {
  const secret = site.file('password.txt', 'Hunter-2-page\n')
  for (const place of [[], ['--location', 'Wien'], ['--phone', PHONE]]) {
    const set = await site.json('settings', 'set', ...place, '--secret', `userPassword=${secret}`, 'srtp=optional')
    expect(set).toEqual([0, { settings: { userPassword: '***', srtp: 'optional' }, unfit: [] }])
    const open = await site.json('settings', 'set', ...place, 'userPassword=Hunter-2-open')
    expect(open).toMatchObject([1, failure('input-invalid')])
    expect(JSON.stringify([open, await site.json('settings', 'show', ...place)])).not.toContain('Hunter')
  }
  const { stdout } = await site.offhook(['settings', 'show', '--phone', PHONE])
  expect(stdout).toBe('srtp          optional\nuserPassword  ***\n')
  expect((await site.offhook(['phone', 'render', PHONE, `${PHONE}.cfg`])).stdout).toContain('Hunter-2-page')
}, 180_000)

test('what is wrong is told with its name, what it takes and the cure', async () => {
  const told = async (...words: string[]) => {
    const [code, document] = await site.json('settings', 'set', ...words)
    expect(code, words.join(' ')).toBe(1)
    return (document as { error: { message: string } }).error.message
  }
  expect(await told('vlanId=twenty', 'timezon=UTC')).toMatch(/vlanId takes 1\.\.4094 \| null.*Did you mean timezone\?/)
  expect(await told('--location', 'Wien', '--phone', PHONE, 'mwi=false')).toContain('one of --location')
  expect(await told('--phone', PHONE, 'raw.a b=1')).toContain('Yealink has no raw setting')
  expect(await told('firmware=1.0')).toContain('offhook firmware rollout')
  expect(await told('no-pair')).toContain('KEY=VALUE')
  const { stdout } = await site.offhook(['settings', 'words'])
  expect(stdout).toMatch(/^vlanId +1\.\.4094 \| null +VLAN of the phone/m)
}, 120_000)
