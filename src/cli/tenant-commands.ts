import type { Command } from 'commander'
import { inTransaction } from '../db/pool.ts'
import { createTenant, listTenants } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { addTrunk } from '../people/add-trunk.ts'
import { describeTenantDefaults, setTenantDefaults } from '../people/tenant-defaults.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readPairs } from './pairs.ts'

/** `tenant` and `trunk`: what people are imported into, and how the world calls them. */
export function addTenantCommands(program: Command, run: Run): void {
  const tenant = program.command('tenant').description('separate organisations on one Asterisk')
  tenant
    .command('add')
    .argument('<slug>', '2 to 16 lower-case letters and digits; part of every account name, never changed')
    .option('--name <text>', 'full name')
    .action((slug: string, flags: { name?: string }) => run((app) => add(app, slug, flags.name ?? slug)))
  tenant.command('list').action(() => run(list))
  tenant
    .command('show')
    .option('--location <name>', 'for its people')
    .description('defaults and rules in effect, and where each comes from')
    .action((flags: { location?: string }) => run((app) => show(app, flags.location ?? null)))
  tenant
    .command('set')
    .argument(
      '<defaults...>',
      'KEY=VALUE: default of a field or a rule, e.g. country=DE username_rule=extension; KEY= removes',
    )
    .description('change defaults and rules; people who exist stay as they are')
    .action((pairs: string[]) => run((app) => set(app, pairs)))
  program
    .command('trunk')
    .description('carriers that are known by their addresses')
    .command('add')
    .argument('<name>', 'e.g. carrier')
    .requiredOption('--match <addresses>', 'where its calls come from, e.g. 192.0.2.10,198.51.100.0/24')
    .action((name: string, flags: { match: string }) => run((app) => trunk(app, name, flags.match)))
}

async function add(app: App, slug: string, name: string): Promise<ExitCode> {
  if (!/^[a-z0-9]{2,16}$/.test(slug))
    throw new AppError('input-invalid', `${JSON.stringify(slug)} is not 2 to 16 lower-case letters and digits.`)
  const tenant = await inTransaction(await app.owner(), null, (client) => createTenant(client, slug, name))
  app.output.result(tenant, `Tenant ${tenant.slug} is there.`)
  await app.tellAsterisk()
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const tenants = await listTenants(await app.owner())
  app.output.result(tenants, formatTable(tenants.map(({ slug, name }) => [slug, name])))
  return 0
}

async function show(app: App, location: string | null): Promise<ExitCode> {
  const described = await describeTenantDefaults(await app.desk(), await app.tenant(), location)
  const rows = described.effective.map(({ name, value, from }) => [name, value, from])
  app.output.result(described, formatTable([['default or rule', 'value', 'from'], ...rows]))
  return 0
}

async function set(app: App, pairs: string[]): Promise<ExitCode> {
  const tenant = await app.tenant()
  const defaults = await setTenantDefaults(await app.desk(), tenant, readPairs(pairs), app.actor)
  const rows = Object.entries(defaults).map(([name, value]) => `${name}=${value}`)
  app.output.result({ tenant: tenant.slug, defaults }, rows.join('\n') || 'No defaults of its own.')
  return 0
}

async function trunk(app: App, name: string, match: string): Promise<ExitCode> {
  await addTrunk(await app.desk(), await app.tenant(), { name, match }, app.actor)
  app.output.result({ name, match }, `Calls from ${match} reach the public numbers.`)
  await app.tellAsterisk()
  return 0
}
