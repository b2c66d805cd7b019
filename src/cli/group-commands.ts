import type { Command } from 'commander'
import { addGroup, rankMember, removeGroup, setGroup } from '../people/groups/edit-groups.ts'
import { STRATEGIES } from '../people/groups/group.ts'
import { listGroups } from '../people/groups/list-groups.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type Flags = { name?: string; number?: string; strategy?: string; timeout?: string; ring?: string }

/** `group …`: skill groups. Who is in one is a field of the person. */
export function addGroupCommands(program: Command, run: Run): void {
  const group = program.command('group').description('skill groups: calls that several people may take')
  const withFlags = (command: Command) =>
    command
      .option('--number <extension>', 'where callers reach it; `-` for nowhere')
      .option('--strategy <name>', STRATEGIES.join(', '))
      .option('--timeout <seconds>', 'how long a caller waits')
      .option('--ring <seconds>', 'how long a phone rings before the next round')
  withFlags(group.command('add').argument('<name>').description('add a group')).action((name: string, flags: Flags) =>
    run((app) => add(app, name, flags)),
  )
  withFlags(group.command('set').argument('<group>', 'name or id').description('change a group'))
    .option('--name <text>', 'a new name')
    .action((name: string, flags: Flags) => run((app) => set(app, name, flags)))
  group
    .command('rank')
    .argument('<group>', 'name or id')
    .argument('<extension>', 'of a member')
    .argument('<rank>', '0 is called first, higher ones when nobody before is free')
    .description('say in which order members are called')
    .action((name: string, extension: string, rank: string) => run((app) => order(app, name, extension, Number(rank))))
  group
    .command('list')
    .description('the groups and who is in them')
    .action(() => run(list))
  group
    .command('remove')
    .argument('<group>', 'name or id')
    .description('remove a group; its members stay')
    .action((name: string) => run((app) => remove(app, name)))
}

async function add(app: App, name: string, flags: Flags): Promise<ExitCode> {
  const id = await addGroup(await app.desk(), await app.tenant(), { ...fieldsOf(flags), name }, app.actor)
  app.output.result({ id, name }, `The group ${name} is there.`)
  await app.tellAsterisk()
  return 0
}

async function set(app: App, group: string, flags: Flags): Promise<ExitCode> {
  await setGroup(await app.desk(), await app.tenant(), group, { ...fieldsOf(flags), name: flags.name }, app.actor)
  app.output.result({ group }, `The group ${group} is changed.`)
  await app.tellAsterisk()
  return 0
}

async function order(app: App, group: string, extension: string, penalty: number): Promise<ExitCode> {
  await rankMember(await app.desk(), await app.tenant(), { group, extension, penalty }, app.actor)
  app.output.result({ group, extension, penalty }, `${extension} has the rank ${penalty} in ${group}.`)
  await app.tellAsterisk()
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const groups = await listGroups(await app.desk(), await app.tenant())
  const rows = groups.map(({ id, name, number, strategy, timeout_seconds, members }) => [
    ...[String(id), name, number ?? '', strategy, `${timeout_seconds} s`],
    members.map(({ name, extension }) => extension ?? name).join(' '),
  ])
  app.output.result(groups, formatTable([['id', 'group', 'number', 'strategy', 'wait', 'members'], ...rows]))
  return 0
}

async function remove(app: App, group: string): Promise<ExitCode> {
  await removeGroup(await app.desk(), await app.tenant(), group, app.actor)
  app.output.result({ group }, `The group ${group} is gone.`)
  await app.tellAsterisk()
  return 0
}

function fieldsOf({ number, strategy, timeout, ring }: Flags) {
  return {
    ...{ number: number === '-' ? null : number, strategy },
    timeoutSeconds: timeout === undefined ? undefined : Number(timeout),
    ringSeconds: ring === undefined ? undefined : Number(ring),
  }
}
