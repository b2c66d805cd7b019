import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import { addAsset, type Asset, ASSET_KINDS, type AssetKind, listAssets, removeAsset } from '../store/assets.ts'
import { useAsset } from '../store/use-asset.ts'
import type { App, Run } from './app.ts'
import { openUpload } from './files.ts'
import { formatBytes } from './format-bytes.ts'
import { type ExitCode, formatTable } from './output.ts'

type UseFlags = { location?: string; phone?: string; off: boolean }
type Flags = { family?: string; model?: string; name?: string }

/** `asset …`: ringtones, wallpapers, licence and language files. */
export function addAssetCommands(program: Command, run: Run): void {
  const asset = program.command('asset').description('ringtones, wallpapers, licence and language files of phones')
  const withPlace = (command: Command) =>
    command
      .option('--family <name>', 'for its phones only; of a licence or language file: who asks for it')
      .option('--model <name>', 'for this model of the family only')
  withPlace(
    asset.command('add').argument('<kind>', ASSET_KINDS.join(', ')).argument('<file>', 'e.g. office.wav, logo.png'),
  )
    .option('--name <name>', 'what settings say; the name of the file without its extension, unless told')
    .description('store a file, or put it in the place of the one that is called so')
    .action((kind: string, file: string, flags: Flags) => run((app) => add(app, kind, file, flags)))
  asset
    .command('use')
    .argument('<kind>', 'ringtone or wallpaper')
    .argument('[name]')
    .option('--location <name>', 'for its phones; every phone of the tenant, unless told')
    .option('--phone <mac>', 'for this one')
    .option('--off', 'none of ours any more', false)
    .description('have phones play a ringtone or show a wallpaper')
    .action((kind: string, name: string | undefined, flags: UseFlags) => run((app) => use(app, kind, name, flags)))
  asset
    .command('list')
    .description('the files that are there')
    .action(() => run(list))
  withPlace(asset.command('remove').argument('<kind>').argument('<name>'))
    .description('remove a file that no setting names')
    .action((kind: string, name: string, flags: Flags) => run((app) => remove(app, kind, name, flags)))
}

async function add(app: App, kindText: string, file: string, { family, model, name }: Flags): Promise<ExitCode> {
  const kind = readKind(kindText)
  const upload = { ...openUpload(file), ...(name !== undefined && { name }), kind, family, model }
  const asset = await addAsset(await app.shelf(), await app.tenant(), upload, app.actor)
  const next =
    kind === 'ringtone' || kind === 'wallpaper'
      ? `Use it: offhook asset use ${kind} ${asset.name}`
      : `Phones of ${asset.family!} get it when they ask for ${asset.name}.`
  app.output.result(asset, `The ${kind} ${asset.name} is stored${describe(asset)}.\n${next}`)
  return 0
}

async function use(app: App, kindText: string, name: string | undefined, flags: UseFlags): Promise<ExitCode> {
  const kind = readKind(kindText)
  const { location, phone, off } = flags
  if ((name === undefined) !== off) throw new AppError('input-invalid', 'Say the name of one, or --off.')
  const wanted = { kind, name: name ?? null, location, phone }
  const { name: used, unfit } = await useAsset(await app.shelf(), await app.tenant(), wanted, app.actor)
  const whose = phone ?? (location === undefined ? 'every phone' : `the phones of ${location}`)
  app.output.result(
    { kind, name: used, location: location ?? null, phone: phone ?? null, unfit },
    [
      used === null ? `No ${kind} of ours for ${whose} any more.` : `The ${kind} ${used} is for ${whose}.`,
      ...unfit.map(({ model, phones, reason }) => `Not for ${phones} ${model}: ${reason}.`),
    ].join('\n'),
  )
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const assets = await listAssets(await app.shelf(), await app.tenant())
  const rows = assets.map((asset) => [
    ...[asset.kind, asset.name, asset.family ?? 'all', asset.model ?? 'all', asset.format],
    ...[describe(asset).trim(), formatBytes(asset.bytes)],
  ])
  app.output.result(assets, formatTable([['kind', 'name', 'family', 'model', 'format', '', 'size'], ...rows]))
  return 0
}

async function remove(app: App, kindText: string, name: string, { family, model }: Flags): Promise<ExitCode> {
  const kind = readKind(kindText)
  await removeAsset(await app.shelf(), await app.tenant(), { kind, name, family, model }, app.actor)
  app.output.result({ kind, name }, `The ${kind} ${name} is gone.`)
  return 0
}

function readKind(text: string): AssetKind {
  const kind = ASSET_KINDS.find((each) => each === text.toLowerCase())
  if (kind) return kind
  throw new AppError('input-invalid', `${quote(text)} is none of ${ASSET_KINDS.join(', ')}.`)
}

function describe({ width, height, audio }: Asset): string {
  if (audio) return ` ${audio.coding} ${audio.rateHz} Hz`
  return width === null || height === null ? '' : ` ${width}x${height}`
}
