import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openInstallation } from './open-installation.ts'

test('an import is kept, corrected with its own file of problems, applied, and its people are exported', async () => {
  const site = await openInstallation()
  onTestFinished(() => site.close())
  const people = site.file('people.csv')
  const errors = site.file('errors.csv')
  writeFileSync(people, 'extension,first_name,mac,model\n1001,Ada,nonsense,T46U\n1002,Bob,,\n')
  const [code, kept] = (await site.json('import', people, '--keep', '--errors', errors)) as [number, { import: number }]
  expect([code, kept]).toMatchObject([1, { state: 'previewed', counts: { new: 1, problem: 1 } }])
  const id = String(kept.import)
  expect(await site.json('apply', id)).toMatchObject([1, { error: { code: 'import-problems' } }])
  expect(await site.json('imports', id)).toMatchObject([1, { state: 'planned', faulty: [{ row: 1, who: 'Ada' }] }])

  expect(await site.json('correct', id, people)).toMatchObject([1, { problems: [{ code: 'problem-column-missing' }] }])
  writeFileSync(errors, readFileSync(errors, 'utf8').replace('"nonsense"', '"00:15:65:ab:cd:01"'))
  expect(await site.json('correct', id, errors)).toMatchObject([
    2,
    { state: 'planned', counts: { new: 2, problem: 0 } },
  ])
  expect(await site.json('apply', id)).toMatchObject([0, { state: 'applied', counts: { new: 2 } }])
  expect(await site.json('apply', id)).toMatchObject([1, { error: { code: 'import-state' } }])

  for (const name of ['all.csv', 'all.xlsx']) {
    const all = site.file(name)
    expect(await site.json('export', 'users', '--format', name.slice(4), '--out', all)).toMatchObject([0, {}])
    expect(statSync(all).mode & 0o077).toBe(0)
    expect(await site.json('import', all, '--update')).toMatchObject([0, { counts: { unchanged: 2 } }])
  }
  const template = site.file('template.xlsx')
  expect(await site.json('template', '--out', template)).toMatchObject([0, {}])
  expect(await site.json('import', template)).toMatchObject([2, { problems: [], rows: 2 }])
}, 180_000)

test('one person is added, changed, renumbered, given a new password, removed and brought back', async () => {
  const site = await openInstallation()
  onTestFinished(() => site.close())
  const secrets = site.file('secrets.csv')
  expect(await site.json('user', 'add', 'extension=1001', 'first_name=Ada', 'mac=1')).toMatchObject([
    1,
    { problems: [{ field: 'mac' }] },
  ])
  expect(await site.json('user', 'add', 'extension=1001', 'first_name=Ada')).toMatchObject([0, { problems: [] }])
  expect(await site.json('user', 'set', '1001', 'extensoin=1002')).toEqual([
    1,
    { error: { code: 'input-invalid', message: 'There is no field "extensoin". Did you mean extension?' } },
  ])
  expect(await site.json('user', 'set', '1001', 'extension=1002', 'suspended=yes')).toMatchObject([0, {}])
  expect(await site.json('user', 'show', '1002')).toMatchObject([0, { first_name: 'Ada', suspended: true }])
  expect(await site.json('user', 'reissue', '1002', '--credentials', secrets)).toMatchObject([0, {}])
  expect(readFileSync(secrets, 'utf8')).toMatch(/"1002","Ada","","","1001","[^"]{16}"/)
  const [, removed] = (await site.json('user', 'remove', '1002')) as [number, { import: number }]
  expect(await site.json('user', 'list')).toEqual([0, []])
  expect(await site.json('undo', String(removed.import))).toMatchObject([0, { undone: 1, kept: [] }])
  expect(await site.json('user', 'list', 'ada')).toMatchObject([0, [{ extension: '1002' }]])
}, 180_000)
