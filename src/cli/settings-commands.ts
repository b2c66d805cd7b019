import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { changeSettings, clearSettings, type ShownSettings, viewSettings } from '../people/settings/settings.ts'
import type { SettingsPlace } from '../people/settings/settings-place.ts'
import { describeSettings } from '../phones/describe-settings.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readSecretPairs, readSettingPairs } from './pairs.ts'

type PlaceFlags = { location?: string; profile?: string; phone?: string }

/** `settings …`: what the tenant, a location, a profile or one phone says of how phones are to be. */
export function addSettingsCommands(program: Command, run: Run): void {
  const settings = program
    .command('settings')
    .description('settings of phones: of the tenant unless a location, a profile or a phone is named')
  const placed = (command: Command) =>
    command
      .option('--location <name>', 'of the phones there')
      .option('--profile <name>', 'of the phones that have it')
      .option('--phone <mac>', 'of that phone')
  placed(settings.command('show').description('what is said there; passwords and keys as ***')).action(
    (flags: PlaceFlags) => run((app) => show(app, flags)),
  )
  placed(
    settings
      .command('set')
      .argument('[settings...]', 'NAME=VALUE, e.g. timezone=Europe/Berlin keys.3.kind=blf keys.3.value=1002 raw.P88=x')
      .option('--secret <NAME=FILE>', 'a password or key, read from a file: userPassword=password.txt', collect, [])
      .description('say something there; NAME= says it no more'),
  ).action((pairs: string[], flags: PlaceFlags & { secret: string[] }) => run((app) => set(app, pairs, flags)))
  placed(
    settings
      .command('unset')
      .argument('[names...]', 'e.g. timezone keys.3 lines.1.transport raw.P88')
      .option('--all', 'everything that is said there', false)
      .description('say it no more: what a more general layer says counts again'),
  ).action((names: string[], flags: PlaceFlags & { all: boolean }) => run((app) => unset(app, names, flags)))
  settings
    .command('words')
    .description('all settings that there are, what they take and what they are for')
    .action(() => run(words))
}

async function show(app: App, flags: PlaceFlags): Promise<ExitCode> {
  const shown = await viewSettings(await app.desk(), await app.tenant(), readPlace(flags))
  app.output.result(shown, describe(shown))
  return 0
}

async function set(app: App, pairs: string[], flags: PlaceFlags & { secret: string[] }): Promise<ExitCode> {
  const said = Object.entries({ ...readSettingPairs(pairs), ...readSecretPairs(flags.secret) })
  if (said.length === 0) throw new AppError('input-invalid', 'Say what to set: NAME=VALUE. See: offhook settings words')
  const gone = new Set(
    [...pairs, ...flags.secret].filter((word) => word.endsWith('=')).map((word) => word.slice(0, -1)),
  )
  const changes = { set: Object.fromEntries(said.filter(([name]) => !gone.has(name))), unset: [...gone] }
  const wanted = { changes, families: await app.families() }
  tellChange(app, await changeSettings(await app.desk(), await app.tenant(), readPlace(flags), wanted, app.actor))
  return 0
}

async function unset(app: App, names: string[], flags: PlaceFlags & { all: boolean }): Promise<ExitCode> {
  if (names.length > 0 === flags.all) throw new AppError('input-invalid', 'Name the settings, or say --all.')
  const [desk, tenant, place] = [await app.desk(), await app.tenant(), readPlace(flags)]
  const wanted = { changes: { unset: names }, families: await app.families() }
  if (flags.all) {
    await clearSettings(desk, tenant, place, app.actor)
    tellChange(app, { settings: {}, unfit: [] })
  } else tellChange(app, await changeSettings(desk, tenant, place, wanted, app.actor))
  return 0
}

function words(app: App): Promise<ExitCode> {
  const rows = describeSettings().map(({ name, type, meaning }) => [name, type, meaning])
  const others = [['raw.NAME', 'text', 'A setting in the words of the vendor, for phones that know it']]
  app.output.result(describeSettings(), formatTable([['setting', 'takes', 'meaning'], ...rows, ...others]))
  return Promise.resolve(0)
}

/** Of several layers one, for each has values of its own. @throws AppError `input-invalid` */
function readPlace({ location, profile, phone }: PlaceFlags): SettingsPlace {
  const places: SettingsPlace[] = []
  if (location !== undefined) places.push({ layer: 'location', which: location })
  if (profile !== undefined) places.push({ layer: 'profile', which: profile })
  if (phone !== undefined) places.push({ layer: 'phone', which: phone })
  if (places.length > 1) throw new AppError('input-invalid', 'Say one of --location, --profile and --phone.')
  return places[0] ?? { layer: 'tenant' }
}

function tellChange(app: App, changed: Awaited<ReturnType<typeof changeSettings>>): void {
  const warnings = changed.unfit.map(
    ({ family, model, phones, setting, reason }) =>
      `warning: ${[`${phones} × ${family} ${model}`, setting, reason].filter(Boolean).join(': ')}`,
  )
  app.output.result(changed, [describe(changed.settings), ...warnings].join('\n'))
}

function describe(shown: ShownSettings): string {
  const rows = Object.entries(shown).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"***"', '***'),
  ])
  return rows.length > 0 ? formatTable(rows) : 'Nothing is said there.'
}

function collect(word: string, previous: string[]): string[] {
  return [...previous, word]
}
