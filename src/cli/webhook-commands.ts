import type { Command } from 'commander'
import type { DeliveryState } from '../db/webhook-deliveries.ts'
import { AppError } from '../model/app-error.ts'
import { EVENT_TYPES } from '../model/webhook-event.ts'
import { listDeliveries, replayDeliveries, type ReplayChoice } from '../people/webhooks/deliveries.ts'
import { addWebhook, listWebhooks, removeWebhook, rotateWebhook } from '../people/webhooks/webhooks.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

const STATES: readonly string[] = ['queued', 'sent', 'failed'] satisfies DeliveryState[]
const SHOWN_DELIVERIES = 100

/** `webhook …`: who is told of changes by HTTP. */
export function addWebhookCommands(program: Command, run: Run): void {
  const webhook = program.command('webhook').description('addresses that are told of changes, signed')
  webhook
    .command('add')
    .argument('<url>')
    .option('--event <types...>', EVENT_TYPES.join(', '), [...EVENT_TYPES])
    .description('have changes told to an address; prints its signing secret, this once')
    .action((url: string, flags: { event: string[] }) => run((app) => add(app, url, flags.event)))
  webhook
    .command('list')
    .description('list the webhooks of the tenant')
    .action(() => run(list))
  webhook
    .command('rotate')
    .argument('<webhook>', 'its number')
    .description('print a new signing secret; the one before signs too for 24 hours')
    .action((text: string) => run((app) => rotate(app, readNumber(text))))
  webhook
    .command('remove')
    .argument('<webhook>', 'its number')
    .action((text: string) => run((app) => remove(app, readNumber(text))))
  webhook
    .command('deliveries')
    .argument('<webhook>', 'its number')
    .option('--state <state>', STATES.join(', '))
    .description('what became of the latest deliveries')
    .action((text: string, flags: { state?: string }) => run((app) => log(app, readNumber(text), flags.state)))
  webhook
    .command('replay')
    .argument('<webhook>', 'its number')
    .option('--delivery <number>', 'this one, whatever became of it')
    .option('--failed', 'every one that failed')
    .description('send again, under the same webhook-id')
    .action((text: string, flags: ReplayFlags) => run((app) => replay(app, readNumber(text), flags)))
}

type ReplayFlags = { delivery?: string; failed?: boolean }

async function add(app: App, url: string, types: string[]): Promise<ExitCode> {
  const events = types.flatMap((text) => text.split(',')).filter(Boolean)
  const { secret, webhook } = await addWebhook(await app.desk(), await app.tenant(), { url, events }, app.actor)
  tellSecret(app, { id: webhook.id, events: webhook.events, secret: secret.reveal() })
  return 0
}

async function rotate(app: App, id: number): Promise<ExitCode> {
  const { secret } = await rotateWebhook(await app.desk(), await app.tenant(), id, app.actor)
  tellSecret(app, { id, secret: secret.reveal() })
  return 0
}

function tellSecret(app: App, made: { id: number; secret: string; events?: readonly string[] }): void {
  app.output.progress(`Webhook ${made.id}. Keep its secret now, it is not shown again.`)
  app.output.result(made, made.secret)
}

async function list(app: App): Promise<ExitCode> {
  const webhooks = await listWebhooks(await app.desk(), await app.tenant())
  const rows = webhooks.map(({ id, url, events, enabled, note }) => [
    ...[String(id), url, enabled ? 'on' : 'off', events.join(' '), note ?? ''],
  ])
  app.output.result(webhooks, formatTable([['webhook', 'address', 'is', 'events', 'note'], ...rows]))
  return 0
}

async function remove(app: App, id: number): Promise<ExitCode> {
  await removeWebhook(await app.desk(), await app.tenant(), id, app.actor)
  app.output.result({ id, removed: true }, `Webhook ${id} is removed.`)
  return 0
}

async function log(app: App, id: number, state: string | undefined): Promise<ExitCode> {
  if (state !== undefined && !STATES.includes(state))
    throw new AppError('input-invalid', `${state} is none of ${STATES.join(', ')}.`)
  const page = { state: state as DeliveryState | undefined, limit: SHOWN_DELIVERIES }
  const deliveries = await listDeliveries(await app.desk(), await app.tenant(), id, page)
  const rows = deliveries.map((each) => [
    ...[String(each.id), each.type, each.state, String(each.attempts), String(each.last_status ?? '')],
    ...[(each.sent_at ?? each.created_at).toISOString(), each.last_error ?? ''],
  ])
  const header = ['delivery', 'event', 'state', 'attempts', 'status', 'when', 'note']
  app.output.result(deliveries, formatTable([header, ...rows]))
  return deliveries.some((each) => each.state === 'failed') ? 1 : 0
}

async function replay(app: App, id: number, { delivery, failed }: ReplayFlags): Promise<ExitCode> {
  if ((delivery === undefined) === !failed)
    throw new AppError('input-invalid', 'Say what to send again: one of --delivery and --failed.')
  const choice: ReplayChoice = delivery === undefined ? { failed: true } : { delivery: readNumber(delivery) }
  const deliveries = await replayDeliveries(await app.desk(), await app.tenant(), id, choice, app.actor)
  app.output.result({ deliveries }, `${deliveries} to be sent again.`)
  return 0
}

function readNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new AppError('input-invalid', `${text} is not the number of a webhook or delivery.`)
}
