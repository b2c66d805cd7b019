import type { Command } from 'commander'
import { SCOPES } from '../access/scopes.ts'
import { listTokens } from '../db/tokens.ts'
import { createToken, revokeToken } from '../people/access-tokens.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type Reach = { installation?: boolean }

/** `token …`: who may use the API. */
export function addTokenCommands(program: Command, run: Run): void {
  const token = program.command('token').description('bearer tokens of the API, each for one tenant')
  const wide = ['--installation', 'for every tenant, instead of that of --tenant'] as const
  token
    .command('create')
    .requiredOption('--name <name>', 'what the history calls it')
    .requiredOption('--scope <scopes...>', SCOPES.join(', '))
    .option('--days <number>', 'how long it lasts; 0: until it is revoked', '365')
    .option(...wide)
    .description('make a token and print it, this once')
    .action((flags: Reach & { name: string; scope: string[]; days: string }) => run((app) => create(app, flags)))
  token
    .command('list')
    .option(...wide)
    .action((flags: Reach) => run((app) => list(app, flags)))
  token
    .command('revoke')
    .argument('<name>')
    .option(...wide)
    .description('end it at once')
    .action((name: string, flags: Reach) => run((app) => revoke(app, name, flags)))
}

async function tenantIdOf(app: App, { installation }: Reach): Promise<number | null> {
  return installation ? null : (await app.tenant()).id
}

async function create(app: App, flags: Reach & { name: string; scope: string[]; days: string }): Promise<ExitCode> {
  const { name } = flags
  const scopes = flags.scope.flatMap((text) => text.split(',')).filter(Boolean)
  const days = Number(flags.days) === 0 ? null : Number(flags.days)
  const tenantId = await tenantIdOf(app, flags)
  const made = await createToken(await app.owner(), { tenantId, name, scopes, days, actor: app.actor })
  const token = made.token.reveal()
  const { expires_at } = made.record
  app.output.progress(
    `Keep it now, it is not shown again. It lasts until ${expires_at?.toISOString() ?? 'it is revoked'}.`,
  )
  app.output.result({ name, scopes, expires_at, token }, token)
  return 0
}

async function list(app: App, flags: Reach): Promise<ExitCode> {
  const tokens = await listTokens(await app.owner(), await tenantIdOf(app, flags))
  const rows = tokens.map(({ name, scopes, expires_at, last_used_at, created_by }) => [
    ...[name, scopes.join(' '), expires_at?.toISOString() ?? 'never', last_used_at?.toISOString() ?? 'never'],
    created_by,
  ])
  app.output.result(tokens, formatTable([['token', 'scopes', 'expires', 'last used', 'made by'], ...rows]))
  return 0
}

async function revoke(app: App, name: string, flags: Reach): Promise<ExitCode> {
  await revokeToken(await app.owner(), await tenantIdOf(app, flags), { name }, app.actor)
  app.output.result({ name, revoked: true }, `The token ${name} is void.`)
  return 0
}
