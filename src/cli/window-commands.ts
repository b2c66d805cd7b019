import type { Command } from 'commander'
import { dismissWaiting } from '../db/waiting-phones.ts'
import { AppError } from '../model/app-error.ts'
import { findDevice } from '../people/find-device.ts'
import { changePhoneRules, readPhoneRules } from '../people/phone-rules.ts'
import { readMac } from '../people/phones/find-phone.ts'
import { closeReleases, viewReleases } from '../people/release-phones.ts'
import type { App, Run } from './app.ts'
import { time } from './describe-phone.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readPairs } from './pairs.ts'

/** `phone releases|close|dismiss` and `phone-rules`: what phones may do that show nothing but a MAC address. */
export function addWindowCommands(program: Command, phone: Command, run: Run): void {
  phone
    .command('releases')
    .description('list the releases that are open')
    .action(() => run(listOpen))
  phone
    .command('close')
    .argument('<mac>', 'the phone, or `all`')
    .description('end its release before its time; `all`: every release of the tenant')
    .action((mac: string) => run((app) => close(app, mac)))
  phone
    .command('dismiss')
    .argument('<mac>', 'a phone of: phones --waiting, or `all`')
    .description('take it off the list of those that wait; one that asks again is on it again')
    .action((mac: string) => run((app) => dismiss(app, mac)))
  program
    .command('phone-rules')
    .argument(
      '[rules...]',
      'tftp=on|off, and acrobits=CLOUD-ID or zoiper=PROVIDER-ID as their makers name you; NAME= removes',
    )
    .description('show or change what holds for all phones of the tenant; TFTP can be read by anybody on the way')
    .action((pairs: string[]) => run((app) => rule(app, pairs)))
}

async function listOpen(app: App): Promise<ExitCode> {
  const open = await viewReleases(await app.desk(), await app.tenant())
  const rows = open.map(({ device, opened_at, closes_at, opened_by }) => [
    ...[device ?? 'all phones', time(opened_at), time(closes_at), opened_by],
  ])
  app.output.result(open, formatTable([['phone', 'opened', 'closes', 'by'], ...rows]))
  return 0
}

async function close(app: App, mac: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const deviceId = mac === 'all' ? null : Number((await findDevice(desk, tenant, mac)).device['id'])
  const closed = await closeReleases(desk, tenant, { deviceId, actor: app.actor })
  const rest = (await viewReleases(desk, tenant)).some(({ device }) => device === null)
  const but = rest ? ' A release for all phones of the tenant is still open: offhook phone close all' : ''
  app.output.result(
    { phone: mac, closed },
    `${closed === 1 ? 'One release is' : `${closed} releases are`} closed.${but}`,
  )
  return 0
}

async function dismiss(app: App, text: string): Promise<ExitCode> {
  const which = text === 'all' ? null : { mac: readMac(text) }
  const dismissed = await dismissWaiting(await app.owner(), which, { tenantId: null, actor: app.actor })
  if (dismissed === 0 && which) throw new AppError('device-unknown', `No phone ${which.mac} waits.`)
  app.output.result({ dismissed }, `${dismissed} taken off the list.`)
  return 0
}

async function rule(app: App, pairs: string[]): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const { tftp, ...apps } = readPairs(pairs)
  if (tftp !== undefined && tftp !== 'on' && tftp !== 'off')
    throw new AppError('input-invalid', 'TFTP is on or off: tftp=on')
  const known = new Set((await app.families()).filter(({ link }) => link?.needsAccount).map(({ name }) => name))
  const unknown = Object.keys(apps).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new AppError('input-invalid', `There is no rule ${unknown}; there are tftp, ${[...known].join(', ')}.`)
  const changes = { ...(tftp !== undefined && { tftp: tftp === 'on' }), apps: apps as Record<string, string> }
  const rules =
    pairs.length === 0 ? await readPhoneRules(desk, tenant) : await changePhoneRules(desk, tenant, changes, app.actor)
  const rows = Object.entries(rules.apps).map(([family, account]) => [family, account])
  app.output.result(rules, formatTable([['tftp', rules.tftp ? 'on' : 'off'], ...rows]))
  return 0
}
