import type { Command } from 'commander'
import { tellWaiting } from '../db/waiting-phones.ts'
import { findUserId } from '../people/find-user-id.ts'
import { addFreePhone, addPhone, assignPhone } from '../people/phones/add-phone.ts'
import { claimPhone } from '../people/phones/claim-phone.ts'
import { removePhone } from '../people/phones/remove-phone.ts'
import { swapPhone } from '../people/phones/swap-phone.ts'
import type { App, Run } from './app.ts'
import type { ExitCode } from './output.ts'

type ClaimFlags = { user: string; model?: string; line?: string; minutes: string }
type AddFlags = { model: string; user?: string; line?: string }

/** `phone add|assign|claim|swap|remove`: which phones there are, and whose. */
export function addPhoneEditCommands(phone: Command, run: Run): void {
  phone
    .command('add')
    .argument('<mac>')
    .requiredOption('--model <name>', 'e.g. T46U')
    .option('--user <extension>', "whose: extension, user name or e-mail; without, it is nobody's yet")
    .option('--line <number>', 'slot for the account; the first free one unless told')
    .description('add a phone; those that somebody has already stay')
    .action((mac: string, flags: AddFlags) => run((app) => add(app, mac, flags)))
  phone
    .command('assign')
    .argument('<mac>')
    .requiredOption('--user <extension>', 'extension, user name or e-mail')
    .option('--line <number>', 'slot for the account; the first free one unless told')
    .description('put somebody on a phone that is there')
    .action((mac: string, flags: { user: string; line?: string }) => run((app) => assign(app, mac, flags)))
  phone
    .command('claim')
    .argument('<mac>')
    .requiredOption('--user <extension>', 'whose: extension, user name or e-mail')
    .option('--model <name>', 'e.g. T46U; what it said itself, unless told')
    .option('--line <number>', 'slot for the account; the first free one unless told')
    .option('--minutes <number>', 'how long it may fetch its configuration by MAC address', '15')
    .description('give somebody a phone that is plugged in and unknown, and let it come')
    .action((mac: string, flags: ClaimFlags) => run((app) => claim(app, mac, flags)))
  phone
    .command('swap')
    .argument('<mac>', 'the phone that goes')
    .argument('<new>', 'the phone that takes its place, with its lines, keys and settings')
    .option('--model <name>', 'of the new one, where it is another and not known yet')
    .description('replace a phone')
    .action((mac: string, by: string, flags: { model?: string }) => run((app) => swap(app, mac, by, flags.model)))
  phone
    .command('remove')
    .argument('<mac>')
    .option('--keep', "keep it as a phone that is nobody's", false)
    .description('take a phone from everybody who is on it')
    .action((mac: string, flags: { keep: boolean }) => run((app) => remove(app, mac, flags.keep)))
}

async function add(app: App, mac: string, { model, user: text, line }: AddFlags): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  if (text === undefined) await addFreePhone(desk, tenant, { mac, model }, app.actor)
  else {
    const user = await findUserId(desk, tenant, text)
    await addPhone(desk, tenant, { user, mac, model, line: readLine(line) }, app.actor)
  }
  await tellWaiting(await app.owner(), tenant.id)
  app.output.result({ phone: mac, model }, `The phone ${mac} is there. Its address: offhook phone show ${mac}`)
  await app.tellAsterisk()
  return 0
}

async function assign(app: App, mac: string, flags: { user: string; line?: string }): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const user = await findUserId(desk, tenant, flags.user)
  await assignPhone(desk, tenant, { user, mac, line: readLine(flags.line) }, app.actor)
  app.output.result({ phone: mac, user }, `${flags.user} is on the phone ${mac}.`)
  await app.tellAsterisk()
  return 0
}

async function claim(app: App, text: string, flags: ClaimFlags): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const user = await findUserId(desk, tenant, flags.user)
  const wanted = { mac: text, user, model: flags.model, line: readLine(flags.line), minutes: Number(flags.minutes) }
  const { mac, model, closesAt } = await claimPhone(desk, await app.owner(), tenant, wanted, app.actor)
  app.output.result(
    { phone: mac, model, closesAt },
    `The phone ${mac}, a ${model}, is ${flags.user}’s and may come until ${closesAt.toISOString()}. Restart it.`,
  )
  await app.tellAsterisk()
  return 0
}

async function swap(app: App, mac: string, by: string, model: string | undefined): Promise<ExitCode> {
  const tenant = await app.tenant()
  await swapPhone(await app.desk(), tenant, { mac, by, model }, app.actor)
  await tellWaiting(await app.owner(), tenant.id)
  const cure = `Let it fetch its configuration: offhook phone release ${by}`
  app.output.result({ phone: by, instead: mac }, `${by} stands in for ${mac}. ${cure}`)
  await app.tellAsterisk()
  return 0
}

async function remove(app: App, mac: string, keep: boolean): Promise<ExitCode> {
  await removePhone(await app.desk(), await app.tenant(), { mac, keep }, app.actor)
  app.output.result({ phone: mac, keep }, keep ? `The phone ${mac} is nobody’s.` : `The phone ${mac} is gone.`)
  await app.tellAsterisk()
  return 0
}

function readLine(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
