import { expect, test } from 'vitest'
import { describeAuthentication } from '../../src/people/describe-authentication.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { addLocation } from '../../src/people/locations.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'
import { addRole, changeRole, listRoles, removeRole } from '../../src/people/roles.ts'
import { setTenantDefaults } from '../../src/people/tenant-defaults.ts'
import { openTestDesk } from './open-test-desk.ts'

const { database, desk } = await openTestDesk()

const run = (text: string, options: ImportOptions = {}) =>
  applyImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options },
    input: { kind: 'file', bytes: Buffer.from(text) },
  })

async function findUser(extension: string): Promise<{ id: number; role: string }> {
  const { rows } = await database.query(
    `select u.id, u.role from offhook.users u join offhook.extensions x on x.user_id = u.id where x.number = $1`,
    [extension],
  )
  return rows[0] as { id: number; role: string }
}

test('every tenant starts with the roles user and admin, and new people are users', async () => {
  const roles = await listRoles(desk, desk.acme)
  expect(roles).toMatchObject([
    { name: 'admin', is_admin: true, authentication: 'default' },
    { name: 'user', is_admin: false, authentication: 'default' },
  ])
  await run('extension,last_name,role\n1001,Abel,\n1002,Bell,Admin\n')
  expect(await findUser('1001')).toMatchObject({ role: 'user' })
  expect(await findUser('1002')).toMatchObject({ role: 'admin' })
})

test('the first roles, and models with their maker, are known as people write them', async () => {
  await run(
    'Durchwahl,Nachname,Rolle,MAC,Modell\n1011,Aal,Benutzer,001565000b01,Yealink SIP-T46U\n1012,Bär,Administrator,,\n',
  )
  expect(await findUser('1011')).toMatchObject({ role: 'user' })
  expect(await findUser('1012')).toMatchObject({ role: 'admin' })
  const { rows } = await database.query(`select model from offhook.devices where mac = '001565000b01'`)
  expect(rows).toEqual([{ model: 'T46U' }])
})

test('a cell means a role by name or id; one that is not there is a problem that names the nearest', async () => {
  const sales = await addRole(desk, desk.acme, { name: 'Sales' }, 'test')
  await run(`extension,last_name,role\n1003,Cole,${sales.id}\n1004,Dean,sales\n`)
  expect(await findUser('1003')).toMatchObject({ role: 'Sales' })
  expect(await findUser('1004')).toMatchObject({ role: 'Sales' })
  const outcome = await run('extension,last_name,role\n1005,Ernst,Salse\n')
  expect(outcome.problems).toMatchObject([{ row: 1, field: 'role', code: 'role-unknown', suggestion: 'Sales' }])
})

test('a role that is renamed takes its people and defaults along; one that somebody has is not removed', async () => {
  await setTenantDefaults(desk, desk.acme, { role: 'Sales' }, 'test')
  await changeRole(desk, desk.acme, 'Sales', { name: 'Field Sales' }, 'test')
  expect(await findUser('1003')).toMatchObject({ role: 'Field Sales' })
  await run('extension,last_name\n1006,Falk\n')
  expect(await findUser('1006')).toMatchObject({ role: 'Field Sales' })
  await expect(removeRole(desk, desk.acme, 'Field Sales', 'test')).rejects.toMatchObject({
    code: 'in-use',
    message: '3 people have the role Field Sales. Give them another first.',
  })
  await run('extension,role\n1003,user\n1004,user\n1006,user\n', { update: true })
  await expect(removeRole(desk, desk.acme, 'Field Sales', 'test')).rejects.toMatchObject({ code: 'in-use' })
  await setTenantDefaults(desk, desk.acme, { role: '' }, 'test')
  await removeRole(desk, desk.acme, 'Field Sales', 'test')
  expect((await listRoles(desk, desk.acme)).map(({ name }) => name)).toEqual(['admin', 'user'])
})

test('a name that would be read as an id, or is taken, is refused', async () => {
  await expect(addRole(desk, desk.acme, { name: '42' }, 'test')).rejects.toMatchObject({ code: 'input-invalid' })
  await expect(addRole(desk, desk.acme, { name: 'user' }, 'test')).rejects.toMatchObject({ code: 'already-there' })
  await expect(changeRole(desk, desk.acme, 'usre1', {}, 'test')).rejects.toMatchObject({ code: 'role-unknown' })
  await expect(changeRole(desk, desk.zeta, 4711, {}, 'test')).rejects.toMatchObject({ code: 'role-unknown' })
})

test('a second factor comes from the user, the role, the place, the tenant or the system, the nearest first', async () => {
  await addLocation(desk, desk.acme, { name: 'Berlin', defaults: { default_authentication: 'app' } }, 'test')
  await run('extension,last_name,location\n1010,Gold,Berlin\n1011,Hahn,\n')
  const [placed, other] = [(await findUser('1010')).id, (await findUser('1011')).id]
  const describe = (id: number) => describeAuthentication(desk, desk.acme, id)
  expect(await describe(placed)).toEqual({ authentication: 'app', from: 'location' })
  expect(await describe(other)).toEqual({ authentication: 'disabled', from: 'system' })
  await setTenantDefaults(desk, desk.acme, { default_authentication: 'email' }, 'test')
  expect(await describe(other)).toEqual({ authentication: 'email', from: 'tenant' })
  await changeRole(desk, desk.acme, 'user', { authentication: 'app' }, 'test')
  expect(await describe(other)).toEqual({ authentication: 'app', from: 'role' })
  await run('extension,authentication\n1011,disabled\n', { update: true })
  expect(await describe(other)).toEqual({ authentication: 'disabled', from: 'user' })
  await expect(describeAuthentication(desk, desk.zeta, other)).rejects.toMatchObject({ code: 'user-unknown' })
})
