import { type Command, Option } from 'commander'
import type { Authentication } from '../model/person.ts'
import { describeAuthentication } from '../people/describe-authentication.ts'
import { addRole, changeRole, listRoles, removeRole } from '../people/roles.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type Flags = { name?: string; admin?: boolean; authentication?: Authentication }

/** `role …`: what people are, and how they log in. */
export function addRoleCommands(program: Command, run: Run): void {
  const role = program.command('role').description('roles of the tenant, and how their people log in')
  const withFlags = (command: Command) =>
    command
      .argument('<role>')
      .option('--admin', 'its people may administer the tenant')
      .option('--no-admin', 'they may not')
      .addOption(
        new Option('--authentication <kind>', 'their second factor; default: what the tenant says').choices([
          ...['default', 'disabled', 'email', 'app'],
        ]),
      )
  withFlags(role.command('add').description('add a role')).action((name: string, flags: Flags) =>
    run((app) => add(app, name, flags)),
  )
  withFlags(role.command('set').description('change a role; its people go along'))
    .option('--name <text>', 'a new name')
    .action((name: string, flags: Flags) => run((app) => set(app, name, flags)))
  role
    .command('list')
    .description('the roles of the tenant')
    .action(() => run(list))
  role
    .command('remove')
    .argument('<role>')
    .description('remove a role that nobody has')
    .action((name: string) => run((app) => remove(app, name)))
  role
    .command('explain')
    .argument('<user>', 'id of a user')
    .description('the second factor that somebody shall log in with, and who says so; no log-in asks for it yet')
    .action((user: string) => run((app) => explain(app, Number(user))))
}

async function add(app: App, name: string, { admin, authentication }: Flags): Promise<ExitCode> {
  const role = await addRole(await app.desk(), await app.tenant(), { name, isAdmin: admin, authentication }, app.actor)
  app.output.result(role, `The role ${role.name} is there.`)
  return 0
}

async function set(app: App, role: string, { name, admin, authentication }: Flags): Promise<ExitCode> {
  const changes = { name, isAdmin: admin, authentication }
  const changed = await changeRole(await app.desk(), await app.tenant(), role, changes, app.actor)
  app.output.result(changed, `The role ${changed.name} is changed.`)
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const roles = await listRoles(await app.desk(), await app.tenant())
  const rows = roles.map(({ id, name, is_admin, authentication }) => [
    ...[String(id), name, is_admin ? 'yes' : 'no', authentication],
  ])
  app.output.result(roles, formatTable([['id', 'role', 'admin', 'authentication'], ...rows]))
  return 0
}

async function remove(app: App, role: string): Promise<ExitCode> {
  await removeRole(await app.desk(), await app.tenant(), role, app.actor)
  app.output.result({ role }, `The role ${role} is gone.`)
  return 0
}

async function explain(app: App, userId: number): Promise<ExitCode> {
  const found = await describeAuthentication(await app.desk(), await app.tenant(), userId)
  app.output.result(
    { user: userId, ...found },
    `${found.authentication}, says the ${found.from}. It is kept; no log-in asks for it yet.`,
  )
  return 0
}
