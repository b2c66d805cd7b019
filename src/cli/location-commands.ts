import type { Command } from 'commander'
import { addLocation, changeLocation, listLocations, type Location, removeLocation } from '../people/locations.ts'
import { hideSettings } from '../secrets/sealed-settings.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readPairs, readSecretPairs, readSettingPairs } from './pairs.ts'

type Flags = { name?: string; setting: string[]; secret: string[] }

/** `location …`: the sites of a tenant, with defaults of their own. */
export function addLocationCommands(program: Command, run: Run): void {
  const location = program.command('location').description('sites of the tenant, with defaults and rules of their own')
  const withPairs = (command: Command) =>
    command
      .argument('<name>')
      .argument(
        '[defaults...]',
        'KEY=VALUE: default of a field or a rule, e.g. extension_range=1000-1999; KEY= removes',
      )
      .option('--setting <KEY=VALUE>', 'a setting of its phones, e.g. vlanId=20', collect, [])
      .option('--secret <KEY=FILE>', 'a secret setting of its phones, read from a file: fileKey=key.txt', collect, [])
  withPairs(location.command('add').description('add a location')).action(
    (name: string, defaults: string[], flags: Flags) => run((app) => add(app, name, defaults, flags)),
  )
  withPairs(location.command('set').description('change a location; people who exist stay as they are'))
    .option('--name <text>', 'a new name')
    .action((name: string, defaults: string[], flags: Flags) => run((app) => set(app, name, defaults, flags)))
  location
    .command('list')
    .description('the locations, who is there, and their defaults')
    .action(() => run(list))
  location
    .command('remove')
    .argument('<name>')
    .description('remove a location where nobody is')
    .action((name: string) => run((app) => remove(app, name)))
}

async function add(app: App, name: string, pairs: string[], flags: Flags): Promise<ExitCode> {
  const changes = { name, defaults: readPairs(pairs), settings: readSettings(flags) }
  const location = await addLocation(await app.desk(), await app.tenant(), changes, app.actor)
  app.output.result(hide(location), `The location ${location.name} is there.`)
  return 0
}

async function set(app: App, name: string, pairs: string[], flags: Flags): Promise<ExitCode> {
  const changes = { name: flags.name, defaults: readPairs(pairs), settings: readSettings(flags) }
  const location = await changeLocation(await app.desk(), await app.tenant(), name, changes, app.actor)
  app.output.result(hide(location), [`The location ${location.name} is changed.`, describe(location)].join('\n').trim())
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const locations = await listLocations(await app.desk(), await app.tenant())
  const rows = locations.map((location) => [
    ...[String(location.id), location.name, String(location.people), String(location.phones)],
    describe(location),
  ])
  app.output.result(locations.map(hide), formatTable([['id', 'location', 'people', 'phones', 'defaults'], ...rows]))
  return 0
}

async function remove(app: App, name: string): Promise<ExitCode> {
  await removeLocation(await app.desk(), await app.tenant(), name, app.actor)
  app.output.result({ name }, `The location ${name} is gone.`)
  return 0
}

function describe({ defaults, settings }: Location): string {
  const all = [...Object.entries(defaults), ...Object.entries(hideSettings(settings))]
  return all.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')
}

function hide(location: Location): Location {
  return { ...location, settings: hideSettings(location.settings) }
}

function readSettings(flags: Flags): Record<string, unknown> {
  return { ...readSettingPairs(flags.setting), ...readSecretPairs(flags.secret) }
}

function collect(word: string, previous: string[]): string[] {
  return [...previous, word]
}
