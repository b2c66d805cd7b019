import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, PEOPLE, some } from './open-installation.ts'

const NEW = '00:15:65:ab:cd:09'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
  expect(await site.json('import', site.file('people.csv', PEOPLE), '--apply')).toMatchObject([0, { state: 'applied' }])
})
afterAll(() => site.close())

test('groups are added, ranked, listed, changed and removed', async () => {
  expect(await site.json('group', 'add', 'Sales', '--number', '500', '--timeout', '60')).toEqual([
    0,
    { id: some, name: 'Sales' },
  ])
  const list = site.file('groups.csv', 'extension,groups\n1001,Sales\n1002,Sales\n')
  expect(await site.json('import', list, '--update', '--apply')).toMatchObject([0, { state: 'applied' }])
  await site.each({
    'group add Sales': [1, failure('already-there')],
    'group add Help --number 112': [1, failure('input-invalid')],
    'group set Nobody --ring 20': [1, failure('group-unknown')],
    'group rank Sales 1001 5': [0, { group: 'Sales', extension: '1001', penalty: 5 }],
    'group rank Sales 1009 5': [1, failure('user-unknown')],
  })
  expect(await site.json('group', 'set', 'sales', '--name', 'Sellers', '--number', '-')).toMatchObject([0, {}])
  expect(await site.json('group', 'list')).toMatchObject([
    0,
    [
      {
        ...{ name: 'Sellers', number: null, timeout_seconds: 60, queue: 'sales-default' },
        members: [
          { extension: '1002', penalty: 0 },
          { extension: '1001', penalty: 5 },
        ],
      },
    ],
  ])
  expect(await site.json('group', 'remove', 'Sellers')).toMatchObject([0, {}])
  expect(await site.json('group', 'list')).toEqual([0, []])
}, 180_000)

test('phones are added, assigned, swapped and removed', async () => {
  const phones = async () => {
    const [, list] = (await site.json('phones')) as [number, { name: string; extensions: string[] }[]]
    return list.map(({ name, extensions }) => [name, ...extensions].join(' '))
  }
  expect(await site.json('phone', 'add', NEW, '--model', 'T46U', '--user', '1001')).toMatchObject([0, {}])
  expect(await site.json('phone', 'add', '001565abcd0a', '--model', 'T46U')).toMatchObject([0, {}])
  expect(await phones()).toEqual(['001565abcd01 1001', '001565abcd09 1001', '001565abcd0a'])
  await site.each({
    'phone add 001565abcd01 --model T46U': [1, failure('already-there')],
    'phone add 001565abcd0b --model T64U': [1, failure('input-invalid')],
    'phone assign 001565abcd0a --user 4711': [1, failure('user-unknown')],
    'phone swap 001565abcd0b 001565abcd0c': [1, failure('device-unknown')],
  })
  expect(await site.json('phone', 'assign', '001565abcd0a', '--user', '1002')).toMatchObject([0, {}])
  expect(await site.json('phone', 'swap', '001565abcd01', '001565abcd0d')).toMatchObject([0, {}])
  expect(await site.json('phone', 'remove', NEW, '--keep')).toMatchObject([0, {}])
  expect(await site.json('phone', 'remove', '001565abcd0a')).toMatchObject([0, {}])
  expect(await phones()).toEqual(['001565abcd09', '001565abcd0d 1001'])
}, 180_000)
