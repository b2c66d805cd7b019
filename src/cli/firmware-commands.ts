import type { Command } from 'commander'
import { addFirmware, type FirmwareImage, listFirmware, removeFirmware } from '../store/firmware.ts'
import { listPins, pinFirmware } from '../store/pins.ts'
import { AppError } from '../model/app-error.ts'
import type { App, Run } from './app.ts'
import { openUpload } from './files.ts'
import { formatBytes } from './format-bytes.ts'
import { type ExitCode, formatTable } from './output.ts'
import { addRolloutCommand } from './rollout-command.ts'

type AddFlags = { family: string; version: string; model: string[]; name?: string; open: boolean; sha256?: string }

/** `firmware …`: images of phones' software, who gets them and when. */
export function addFirmwareCommands(program: Command, run: Run): void {
  const firmware = program.command('firmware').description('firmware of phones: images, rollouts, pins')
  firmware
    .command('add')
    .argument('<files...>', 'what the maker offers for download, unpacked')
    .requiredOption('--family <name>', 'e.g. yealink')
    .requiredOption('--version <version>', 'as its phones say it, e.g. 96.86.0.45: offhook phone show')
    .option('--model <name>', 'for this model only; may be said several times', collect, [])
    .option('--name <name>', 'what phones ask for, where the file is called otherwise')
    .option('--open', 'anybody gets it by its bare name: for phones that ask TFTP for it without an address', false)
    .option('--sha256 <hex>', 'what the maker says that it has')
    .description('store a firmware image; no phone gets it before a rollout or a pin')
    .action((files: string[], flags: AddFlags) => run((app) => add(app, files, flags)))
  firmware
    .command('list')
    .description('the images that are there and how many phones are to have them')
    .action(() => run(list))
  firmware
    .command('remove')
    .argument('<family>')
    .argument('<version>')
    .description('remove an image that no rollout, pin or phone needs')
    .action((family: string, version: string) => run((app) => remove(app, family, version)))
  addRolloutCommand(firmware, run)
  firmware
    .command('pin')
    .argument('[mac]', 'the phone; without: list those that are pinned')
    .argument('[version]')
    .option('--hold', 'have it keep what it has', false)
    .option('--off', 'give it back to the rollouts', false)
    .description('have one phone get a version, whatever rollouts say')
    .action((mac: string | undefined, version: string | undefined, flags: { hold: boolean; off: boolean }) =>
      run((app) => (mac === undefined ? showPins(app) : pin(app, mac, version, flags))),
    )
}

async function add(app: App, files: string[], flags: AddFlags): Promise<ExitCode> {
  const [shelf, tenant] = [await app.shelf(), await app.tenant()]
  let image: FirmwareImage | undefined
  for (const file of files) {
    const { family, version, model: models, open, sha256 } = flags
    const upload = { ...openUpload(file), ...(flags.name !== undefined && { name: flags.name }), sha256 }
    image = await addFirmware(shelf, tenant, { ...upload, family, version, models, open }, app.actor)
  }
  const { family, version } = image!
  app.output.result(
    image,
    `${family} ${version} is stored: ${image!.files.map(({ name }) => name).join(', ')}.\n` +
      `Roll it out: offhook firmware rollout ${family} --version ${version} --percent 5`,
  )
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const images = await listFirmware(await app.shelf(), await app.tenant())
  const rows = images.flatMap((image) =>
    image.files.map(({ name, models, bytes }) => [
      ...[image.family, image.version, name, models.join(' ') || 'all', formatBytes(bytes), String(image.phones)],
      image.open ? 'open' : '',
    ]),
  )
  const head = ['family', 'version', 'file', 'models', 'size', 'phones', '']
  app.output.result(images, formatTable([head, ...rows]))
  return 0
}

async function remove(app: App, family: string, version: string): Promise<ExitCode> {
  await removeFirmware(await app.shelf(), await app.tenant(), { family, version }, app.actor)
  app.output.result({ family, version }, `${family} ${version} is gone.`)
  return 0
}

async function showPins(app: App): Promise<ExitCode> {
  const pins = await listPins(await app.shelf(), await app.tenant())
  const rows = pins.map(({ phone, version, state, seen }) => [
    ...[phone, version ?? '(keeps what it has)', state ?? '', seen ?? ''],
  ])
  app.output.result(pins, formatTable([['phone', 'pinned to', 'state', 'has'], ...rows]))
  return 0
}

async function pin(
  app: App,
  phone: string,
  version: string | undefined,
  { hold, off }: { hold: boolean; off: boolean },
): Promise<ExitCode> {
  if ([version !== undefined, hold, off].filter(Boolean).length !== 1)
    throw new AppError('input-invalid', 'Say a version, --hold or --off.')
  const wanted = off ? undefined : hold ? null : version!
  await pinFirmware(await app.shelf(), await app.tenant(), { phone, version: wanted }, app.actor)
  const words = off ? 'follows the rollouts again' : hold ? 'keeps the firmware that it has' : `is to have ${version!}`
  app.output.result({ phone, version: wanted ?? null, off }, `The phone ${phone} ${words}.`)
  return 0
}

function collect(word: string, previous: string[]): string[] {
  return [...previous, word]
}
