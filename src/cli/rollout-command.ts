import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import { listRollouts, removeRollout, type Rollout, setRollout } from '../store/rollouts.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type Flags = {
  version?: string
  percent?: string
  notBefore?: string
  window?: string
  stopAbove?: string
  patience?: string
  visits?: string
  pause: boolean
  resume: boolean
  remove: boolean
}

/** `firmware rollout`: which share of the phones gets a version, when, and how far it is. */
export function addRolloutCommand(firmware: Command, run: Run): void {
  firmware
    .command('rollout')
    .argument('[family]', 'without: list rollouts and how far they are')
    .argument('[model]', 'every model of the family that has no rollout of its own, unless said')
    .option('--version <version>', 'an image that is there: offhook firmware list')
    .option('--percent <number>', 'share of the phones; those that are in stay in when it grows (100)')
    .option('--not-before <time>', 'e.g. 2026-05-01T20:00+02:00; none: at once')
    .option('--window <from-to>', "only in that time of the day on the tenant's clock, e.g. 22:00-05:00; none: always")
    .option('--stop-above <percent>', 'stop when more of those that fetched it do not come back (10)')
    .option('--patience <minutes>', 'how long a phone may take to come back (30)')
    .option('--visits <number>', 'how often it may come with the old version before it counts as failed (3)')
    .option('--pause', 'offer it to no further phone', false)
    .option('--resume', 'let it go on, also after it stopped by itself', false)
    .option('--remove', 'end it; phones keep what they have', false)
    .description('have a share of the phones get a version, and see how far they are')
    .action((family: string | undefined, model: string | undefined, flags: Flags) =>
      run((app) =>
        family === undefined ? list(app) : flags.remove ? end(app, family, model) : set(app, family, model, flags),
      ),
    )
}

async function list(app: App): Promise<ExitCode> {
  const rollouts = await listRollouts(await app.shelf(), await app.tenant())
  const head = [
    'family',
    'model',
    'version',
    'share',
    'when',
    'state',
    'waiting',
    'told',
    'updated',
    'failed',
    'missing',
  ]
  const rows = rollouts.map(describe)
  const notes = rollouts.flatMap(({ family, note }) => (note === null ? [] : [`${family}: stopped: ${note}.`]))
  app.output.result(rollouts, [formatTable([head, ...rows]), ...notes].join('\n'))
  return 0
}

async function set(app: App, family: string, model: string | undefined, flags: Flags): Promise<ExitCode> {
  if (flags.pause && flags.resume) throw new AppError('input-invalid', 'Say --pause or --resume.')
  const changes = {
    version: flags.version,
    percentage: readNumber(flags.percent),
    notBefore: readTime(flags.notBefore),
    window: flags.window === 'none' ? null : flags.window,
    stopAbove: readNumber(flags.stopAbove),
    patienceMinutes: readNumber(flags.patience),
    visits: readNumber(flags.visits),
    paused: flags.pause ? true : flags.resume ? false : undefined,
  }
  const rollout = await setRollout(await app.shelf(), await app.tenant(), { family, model }, changes, app.actor)
  const whose = rollout.model ?? `all ${rollout.family} phones`
  app.output.result(
    rollout,
    `${rollout.version} for ${rollout.percentage} % of ${whose}: ${rollout.state}, ${describeTime(rollout)}.\n` +
      'How far it is: offhook firmware rollout',
  )
  return 0
}

async function end(app: App, family: string, model: string | undefined): Promise<ExitCode> {
  await removeRollout(await app.shelf(), await app.tenant(), { family, model }, app.actor)
  app.output.result({ family, model: model ?? null }, 'The rollout is over; phones keep what they have.')
  return 0
}

function describe(rollout: Rollout): string[] {
  const { family, model, version, percentage, state, phones } = rollout
  const { offered, told, fetched, updated, failed, missing } = phones
  return [
    ...[family, model ?? 'all', version, `${percentage} %`, describeTime(rollout), state],
    ...[offered, told + fetched, updated, failed, missing].map(String),
  ]
}

function describeTime({ window, not_before, timezone }: Rollout): string {
  const from = not_before && not_before.getTime() > Date.now() ? `from ${not_before.toISOString()}` : null
  const daily = window && `${window} ${timezone}`
  return [from, daily].filter(Boolean).join(', ') || 'at any time'
}

function readNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,5}(?:\.\d{1,2})?%?$/.test(text.trim())) return parseFloat(text)
  throw new AppError('input-invalid', `${quote(text)} is not a number.`)
}

function readTime(text: string | undefined): Date | null | undefined {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new AppError('input-invalid', `${quote(text)} is not a time such as 2026-05-01T20:00+02:00.`)
}
