import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { findDevice } from '../people/find-device.ts'
import { closeLoginPath, openLoginPath, readLoginPath } from '../people/login-address.ts'
import { givePasswords } from '../people/phones/login-phone.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type AddressFlags = { open: boolean; renew: boolean; close: boolean }

/** `phone login` and `phone login-address`: passwords of phones for HTTP, and where they are asked for. */
export function addLoginCommands(phone: Command, run: Run): void {
  phone
    .command('login')
    .argument('<mac>', 'the phone, or `all`')
    .option('--renew', 'a new password; the old one stops working', false)
    .description('print what it answers when it is asked for its password over HTTP')
    .action((mac: string, flags: { renew: boolean }) => run((app) => login(app, mac, flags.renew)))
  phone
    .command('login-address')
    .option('--open', 'open one, unless there is one', false)
    .option('--renew', 'open another one; the old one stops working', false)
    .option('--close', 'ask no phone for a password any more', false)
    .description('the address where phones of the tenant are asked for their password instead of being refused')
    .action((flags: AddressFlags) => run((app) => address(app, flags)))
}

async function login(app: App, mac: string, renew: boolean): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const deviceId = mac === 'all' ? null : Number((await findDevice(desk, tenant, mac)).device['id'])
  const given = await givePasswords(desk, tenant, { deviceId, renew }, app.actor)
  const path = await readLoginPath(desk, tenant)
  const url = path === null ? null : `${app.phonesUrl()}/${path}/`
  const shown = given.map(({ phone, user, password }) => ({ phone, user, password: password.reveal() }))
  const rows = shown.map(({ phone, user, password }) => [phone, user, password])
  const where = url === null ? 'No address asks for it yet: offhook phone login-address --open' : `They work at ${url}`
  app.output.result({ url, phones: shown }, `${formatTable([['phone', 'user', 'password'], ...rows])}\n\n${where}`)
  return 0
}

async function address(app: App, { open, renew, close }: AddressFlags): Promise<ExitCode> {
  if (close && (open || renew)) throw new AppError('input-invalid', 'It is either opened or closed.')
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  if (close) await closeLoginPath(desk, tenant, app.actor)
  const path = open || renew ? await openLoginPath(desk, tenant, renew, app.actor) : await readLoginPath(desk, tenant)
  const url = path === null ? null : `${app.phonesUrl()}/${path}/`
  const text = url === null ? 'Phones are asked for no password.' : `Phones are asked for their password at ${url}`
  app.output.result({ url }, text)
  return 0
}
