import type { Command } from 'commander'
import { resync } from '../asterisk/resync.ts'
import { AppError } from '../model/app-error.ts'
import { findDevice } from '../people/find-device.ts'
import { noteResync } from '../people/note-resync.ts'
import { readStory } from '../people/phones/read-story.ts'
import { releasePhones } from '../people/release-phones.ts'
import { rotateDevice } from '../people/rotate-device.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { addCertificateCommand } from './certificate-command.ts'
import { addLoginCommands } from './login-commands.ts'
import { addPhoneEditCommands } from './phone-edit-commands.ts'
import { addQrCommand } from './qr-command.ts'
import { addWindowCommands } from './window-commands.ts'
import { addPhoneStoryCommands, tellAll } from './phone-story-commands.ts'

/** `phones` and `phone …`: what an installer does. */
export function addPhoneCommands(program: Command, run: Run): void {
  const phone = program.command('phone').description('one phone, by MAC address (a softphone: by name)')
  addPhoneStoryCommands(program, phone, run)
  addPhoneEditCommands(phone, run)
  addWindowCommands(program, phone, run)
  addQrCommand(phone, run)
  addLoginCommands(phone, run)
  addCertificateCommand(phone, run)
  phone
    .command('release')
    .argument('<mac>', 'the phone, or `all`')
    .option('--minutes <number>', 'how long', '15')
    .description('let it fetch its configuration by MAC address for a while')
    .action((mac: string, flags: { minutes: string }) => run((app) => release(app, mac, Number(flags.minutes))))
  phone
    .command('render')
    .argument('<mac>')
    .argument('<file>', 'name as the phone asks for it')
    .description('print the file that it would get; it holds passwords')
    .action((mac: string, file: string) => run((app) => render(app, mac, file)))
  phone
    .command('explain')
    .argument('<mac>')
    .description('each setting, the layer that it comes from, and why the phone is not told it where it is not')
    .action((mac: string) => run((app) => explain(app, mac)))
  phone
    .command('resync')
    .argument('<mac>', 'the phone, or `all`')
    .description('tell it through Asterisk to fetch its configuration again')
    .action((mac: string) => run((app) => (mac === 'all' ? tellAll(app) : tellToResync(app, mac))))
  phone
    .command('rotate')
    .argument('<mac>')
    .option(
      '--passwords',
      'also new passwords of its accounts and its page: somebody may have read the old ones',
      false,
    )
    .description('give it a new provisioning address; the old one stops working')
    .action((mac: string, flags: { passwords: boolean }) => run((app) => rotate(app, mac, flags)))
}

async function release(app: App, mac: string, minutes: number): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const deviceId = mac === 'all' ? null : Number((await findDevice(desk, tenant, mac)).device['id'])
  const closesAt = await releasePhones(desk, tenant, { deviceId, minutes, actor: app.actor })
  app.output.result(
    { phone: mac, closesAt },
    `${mac === 'all' ? 'All phones' : mac} may come until ${closesAt.toISOString()}.`,
  )
  return 0
}

async function render(app: App, mac: string, file: string): Promise<ExitCode> {
  const { device } = await findDevice(await app.desk(), await app.tenant(), mac)
  const answer = await (await app.boot()).render(Number(device['id']), file)
  if (!answer) throw new AppError('input-invalid', `A ${String(device['family'])} phone gets no file ${file}.`)
  const text = answer.bytes.toString('utf8')
  app.output.result({ file, contentType: answer.contentType, text }, text)
  return 0
}

async function explain(app: App, mac: string): Promise<ExitCode> {
  const { device } = await findDevice(await app.desk(), await app.tenant(), mac)
  const settings = await (await app.boot()).explain(Number(device['id']))
  const rows = settings.map(({ name, value, origin, stops }) => [name, JSON.stringify(value), origin, stops ?? ''])
  app.output.result(settings, formatTable([['setting', 'value', 'from', 'does not reach it'], ...rows]))
  return 0
}

async function tellToResync(app: App, mac: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const found = await findDevice(desk, tenant, mac)
  const { device, endpoints } = found
  const family = (await app.families()).find(({ name }) => name === device['family'])
  if (!family?.resync)
    throw new AppError('input-invalid', `A ${String(device['family'])} phone cannot be told; restart it.`)
  if (endpoints.length === 0) throw new AppError('input-invalid', `${mac} has no account to be reached by.`)
  const ami = app.ami()
  if (!ami) throw new AppError('ami-unreachable', 'OFFHOOK_AMI_URL is not set.')
  const { accounts } = await readStory(desk, tenant, mac)
  if (accounts.every(({ contacts }) => contacts.length === 0))
    throw new AppError('input-invalid', `${mac} is not registered, so nothing reaches it: restart it.`)
  await ami.whenReady()
  await resync(ami, endpoints[0]!, family.resync.event)
  await noteResync(desk, tenant, found, app.actor)
  app.output.result({ phone: mac, event: family.resync.event }, `${mac} is told to fetch its configuration.`)
  return 0
}

async function rotate(app: App, mac: string, { passwords }: { passwords: boolean }): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  await rotateDevice(desk, tenant, await findDevice(desk, tenant, mac), app.actor, { passwords })
  if (passwords) await app.tellAsterisk()
  const said = passwords ? 'a new address and new passwords, and is not registered any more' : 'a new address'
  app.output.result(
    { phone: mac, passwords },
    `${mac} has ${said}. To have it come: offhook phone release ${mac}, then restart it.`,
  )
  return 0
}
