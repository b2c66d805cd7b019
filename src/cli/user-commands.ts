import type { Command } from 'commander'
import { normaliseHeader } from '../import/header-name.ts'
import { HEADER_TERMS } from '../import/headers.ts'
import { AppError } from '../model/app-error.ts'
import { nearest } from '../model/nearest.ts'
import { PERSON_FIELDS } from '../model/person.ts'
import { findUserId } from '../people/find-user-id.ts'
import { changePerson, createPerson, type PersonOutcome, type PersonValues } from '../people/import-person.ts'
import { findUser, type ListedUser, listUsers } from '../people/list-users.ts'
import { reissueCredentials } from '../people/reissue-credentials.ts'
import { removePeople } from '../people/remove-people.ts'
import { takeCredentials } from '../people/stored-imports/take-credentials.ts'
import { viewImport } from '../people/stored-imports/view-import.ts'
import type { App, Run } from './app.ts'
import { openOutput } from './files.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readPairs } from './pairs.ts'
import { workUntilDone } from './work-until-done.ts'

const PAGE = 200

type RemoveFlags = { mailbox: 'delete' | 'keep'; did: 'free' | 'delete'; device: 'free' | 'delete' }

/** `user …`: people one by one, each change an import of its own. */
export function addUserCommands(program: Command, run: Run): void {
  const user = program.command('user').description('one person: by extension, user name, e-mail or external id')
  user
    .command('list')
    .argument('[search]', 'part of a name, address or number')
    .action((search?: string) => run((app) => list(app, search)))
  user
    .command('show')
    .argument('<user>')
    .action((who: string) => run((app) => show(app, who)))
  user
    .command('add')
    .argument('<pairs...>', 'FIELD=VALUE, as in the columns of an import')
    .action((pairs: string[]) => run((app) => add(app, readFields(pairs))))
  user
    .command('set')
    .argument('<user>')
    .argument('<pairs...>', 'FIELD=VALUE; FIELD=- clears. extension=1002 renumbers, suspended=yes suspends')
    .action((who: string, pairs: string[]) => run((app) => set(app, who, readFields(pairs))))
  user
    .command('remove')
    .argument('<users...>')
    .option('--mailbox <what>', 'delete or keep', 'delete')
    .option('--did <what>', 'free or delete the public numbers', 'free')
    .option('--device <what>', 'free or delete the phones', 'free')
    .description('delete people; offhook undo brings them back')
    .action((who: string[], flags: RemoveFlags) => run((app) => remove(app, who, flags)))
  user
    .command('reissue')
    .argument('<users...>')
    .requiredOption('--credentials <file>', 'CSV file for the new passwords')
    .description('give people new temporary passwords')
    .action((who: string[], flags: { credentials: string }) => run((app) => reissue(app, who, flags.credentials)))
}

async function list(app: App, search?: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const users: ListedUser[] = []
  for (let after = 0; ;) {
    const page = await listUsers(desk, tenant, { after, limit: PAGE, search })
    users.push(...page)
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = last.id
  }
  const rows = users.map((user) => [
    ...[user.extension ?? '', user.username, nameOf(user), user.email ?? '', user['suspended'] ? 'suspended' : ''],
  ])
  app.output.result(users, formatTable([['extension', 'user name', 'name', 'e-mail', ''], ...rows]))
  return 0
}

async function show(app: App, who: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const user = await findUser(desk, tenant, await findUserId(desk, tenant, who))
  const rows = Object.entries(user).map(([name, value]) => [name, describe(value)])
  app.output.result(user, formatTable(rows.filter(([, text]) => text !== '')))
  return 0
}

async function add(app: App, values: PersonValues): Promise<ExitCode> {
  const outcome = await createPerson(await app.desk(), await app.tenant(), values, app.actor)
  return report(app, outcome, 'Added')
}

async function set(app: App, who: string, pairs: Record<string, string>): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const values = Object.fromEntries(Object.entries(pairs).map(([field, text]) => [field, text === '-' ? null : text]))
  return report(
    app,
    await changePerson(desk, tenant, await findUserId(desk, tenant, who), values, app.actor),
    'Changed',
  )
}

async function report(app: App, outcome: PersonOutcome, done: string): Promise<ExitCode> {
  const lines = outcome.problems.map(
    ({ field, message, suggestion }) =>
      `! ${[field, message].filter(Boolean).join(': ')}${suggestion ? `. ${suggestion}` : ''}`,
  )
  const text = outcome.import === null ? 'Nothing to do.' : `${done}. To take it back: offhook undo ${outcome.import}`
  app.output.result(outcome, lines.length > 0 ? lines.join('\n') : text)
  if (outcome.import !== null) await app.tellAsterisk()
  return outcome.problems.length > 0 ? 1 : 0
}

async function remove(app: App, who: readonly string[], flags: RemoveFlags): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const choices = { mailbox: ['delete', 'keep'], did: ['free', 'delete'], device: ['free', 'delete'] } as const
  for (const [name, allowed] of Object.entries(choices))
    if (!(allowed as readonly string[]).includes(flags[name as keyof RemoveFlags]))
      throw new AppError('input-invalid', `--${name} is ${allowed.join(' or ')}.`)
  const { mailbox, did, device } = flags
  const removed = await removePeople(desk, tenant, await findAll(app, who), { mailbox, did, device }, app.actor)
  app.output.result(removed, `Removed ${removed.who.join(', ')}. To take it back: offhook undo ${removed.import}`)
  await app.tellAsterisk()
  return 0
}

async function reissue(app: App, who: readonly string[], file: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const write = openOutput(file)
  const importId = await reissueCredentials(desk, tenant, await findAll(app, who), app.actor)
  await workUntilDone(app, importId)
  const { state, note } = await viewImport(desk, tenant, importId)
  if (state !== 'applied') throw new AppError('import-state', `Import ${importId} is ${state}. ${note ?? ''}`.trim())
  write(await takeCredentials(desk, tenant, importId, { sipHost: app.sipHost(), actor: app.actor }))
  app.output.result({ import: importId }, `New passwords are in ${file}.`)
  return 0
}

async function findAll(app: App, who: readonly string[]): Promise<number[]> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const ids: number[] = []
  for (const one of who) ids.push(await findUserId(desk, tenant, one))
  return [...new Set(ids)]
}

/** @throws AppError `input-invalid` for a name that is no field: a list may have columns of its own, a command may not */
function readFields(words: readonly string[]): Record<string, string> {
  const pairs = readPairs(words)
  const unknown = Object.keys(pairs).find((name) => !HEADER_TERMS.has(normaliseHeader(name)))
  if (unknown === undefined) return pairs
  const meant = nearest(unknown, PERSON_FIELDS)
  const cure = meant === null ? `Fields: ${PERSON_FIELDS.join(', ')}` : `Did you mean ${meant}?`
  throw new AppError('input-invalid', `There is no field ${JSON.stringify(unknown)}. ${cure}`)
}

function nameOf(user: ListedUser): string {
  return [user['first_name'], user['last_name']].filter(Boolean).join(' ')
}

function describe(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
