import { beforeAll, expect, test } from 'vitest'
import { addDids } from '../../../src/people/dids/add-dids.ts'
import { listDids } from '../../../src/people/dids/list-dids.ts'
import { assignDid, releaseDid, removeDid } from '../../../src/people/dids/route-did.ts'
import { findDrift } from '../../../src/people/find-drift.ts'
import { applyImport } from '../../../src/people/import-people.ts'
import { setTenantDefaults } from '../../../src/people/tenant-defaults.ts'
import { openTestDesk } from '../open-test-desk.ts'

const [ONE, TWO, THREE] = ['+493012345001', '+493012345002', '+493012345003'] as const

const { database, desk } = await openTestDesk()
beforeAll(async () => {
  await applyImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options: {} },
    input: { kind: 'file', bytes: Buffer.from('extension,last_name,location\n1001,Abel,\n1002,Bell,\n') },
  })
})

async function routes(): Promise<Record<string, string>> {
  const { rows } = await database.query(`select exten, appdata from asterisk.extensions where context = 'did'`)
  return Object.fromEntries((rows as { exten: string; appdata: string }[]).map((row) => [row.exten, row.appdata]))
}

const free = async () => (await listDids(desk, desk.acme, { assigned: false })).map(({ number }) => number)

test('numbers are added before anybody has them, all or none, and no other tenant gets one', async () => {
  await setTenantDefaults(desk, desk.acme, { country: 'DE' }, 'test')
  const added = await addDids(desk, desk.acme, [ONE, '030 12345002', THREE], 'test')
  expect(added).toEqual(await listDids(desk, desk.acme))
  expect(await free()).toEqual([ONE, TWO, THREE])
  expect(await routes()).toEqual({})
  await expect(addDids(desk, desk.zeta, ['+493012345009', TWO], 'test')).rejects.toMatchObject({
    code: 'already-there',
    message: expect.stringContaining(TWO) as string,
  })
  await expect(addDids(desk, desk.zeta, ['+493012345009', '12'], 'test')).rejects.toMatchObject({
    code: 'input-invalid',
  })
  expect(await listDids(desk, desk.zeta)).toEqual([])
})

test('a number rings whom it is assigned to, beside those that ring them already', async () => {
  await assignDid(desk, desk.acme, { number: ONE, extension: '1001' }, 'test')
  await assignDid(desk, desk.acme, { number: TWO, extension: '1001' }, 'test')
  await assignDid(desk, desk.acme, { number: TWO, extension: '1001' }, 'test')
  expect(await routes()).toEqual({
    '493012345001': 'offhook-did,s,1(acme,1001,)',
    '493012345002': 'offhook-did,s,1(acme,1001,)',
  })
  expect(await listDids(desk, desk.acme)).toMatchObject([
    { number: ONE, extension: '1001', label: 'Abel' },
    { number: TWO, extension: '1001' },
    { number: THREE, extension: null, user: null },
  ])
  const again = assignDid(desk, desk.acme, { number: ONE, extension: '1002' }, 'test')
  await expect(again).rejects.toMatchObject({ code: 'in-use' })
  await expect(assignDid(desk, desk.acme, { number: ONE, extension: '1999' }, 'test')).rejects.toMatchObject({
    code: 'extension-unknown',
  })
  await expect(assignDid(desk, desk.zeta, { number: ONE, extension: '1001' }, 'test')).rejects.toMatchObject({
    code: 'did-unknown',
  })
})

test('the caller id follows the number where the rule says so', async () => {
  await setTenantDefaults(desk, desk.acme, { caller_id_is_did: 'yes' }, 'test')
  const shown = async () => {
    const { rows } = await database.query(`select callerid from asterisk.ps_endpoints where id = '1002-acme'`)
    return (rows as { callerid: string }[])[0]!.callerid
  }
  await assignDid(desk, desk.acme, { number: THREE, extension: '1002' }, 'test')
  expect(await shown()).toContain(THREE)
  await releaseDid(desk, desk.acme, THREE, 'test')
  expect(await shown()).toContain('<1002>')
})

test('a number that is released stays with the tenant, one that is removed does not, and nothing drifts', async () => {
  await releaseDid(desk, desk.acme, ONE, 'test')
  await releaseDid(desk, desk.acme, ONE, 'test')
  expect(await free()).toEqual([ONE, THREE])
  await expect(removeDid(desk, desk.acme, TWO, 'test')).rejects.toMatchObject({ code: 'in-use' })
  await releaseDid(desk, desk.acme, TWO, 'test')
  await removeDid(desk, desk.acme, TWO, 'test')
  await removeDid(desk, desk.acme, THREE, 'test')
  expect(await routes()).toEqual({})
  expect(await listDids(desk, desk.acme)).toMatchObject([{ number: ONE, extension: null }])
  await expect(removeDid(desk, desk.acme, TWO, 'test')).rejects.toMatchObject({ code: 'did-unknown' })
  expect((await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).changes).toEqual([])
  const { rows } = await database.query(`select action from offhook.audit where action like 'did-%' order by id`)
  expect((rows as { action: string }[]).map(({ action }) => action)).toEqual([
    ...[
      'did-add',
      'did-assign',
      'did-assign',
      'did-assign',
      'did-release',
      'did-release',
      'did-release',
      'did-remove',
      'did-remove',
    ],
  ])
})
