import type { Command } from 'commander'
import { prepareLink } from '../boot/prepare-link.ts'
import { AppError } from '../model/app-error.ts'
import { makeQrCode } from '../model/qr-code.ts'
import { writePng, writeSvg, writeTerminal } from '../model/qr-pictures.ts'
import { findDevice } from '../people/find-device.ts'
import { readPhoneRules } from '../people/phone-rules.ts'
import { checkLinkMinutes, storeLink } from '../people/phones/store-link.ts'
import type { App, Run } from './app.ts'
import { time } from './describe-phone.ts'
import { openOutput } from './files.ts'
import type { ExitCode } from './output.ts'

/** `phone qr`: setting an app up by its camera. */
export function addQrCommand(phone: Command, run: Run): void {
  phone
    .command('qr')
    .argument('<name>', 'a softphone')
    .option('--minutes <number>', 'how long the picture works, at most 30 days', '60')
    .option('--out <file>', 'write it to a file, .png or .svg, instead of the terminal')
    .description('a picture that sets the app up, once; it leads to passwords')
    .action((name: string, flags: { minutes: string; out?: string }) =>
      run((app) => draw(app, name, Number(flags.minutes), flags.out)),
    )
}

async function draw(app: App, name: string, minutes: number, file: string | undefined): Promise<ExitCode> {
  if (file !== undefined && !/\.(png|svg)$/i.test(file))
    throw new AppError('input-invalid', `${file} must end with .png or .svg.`)
  checkLinkMinutes(minutes)
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const { device } = await findDevice(desk, tenant, name)
  const { apps } = await readPhoneRules(desk, tenant)
  const site = { families: await app.families(), phonesUrl: app.phonesUrl() }
  const found = { name: String(device['name']), family: String(device['family']) }
  const { token, picture, tap } = prepareLink(site, found, apps)
  const write = file === undefined ? null : openOutput(file)
  const expires_at = await storeLink(desk, tenant, { deviceId: Number(device['id']), token, minutes }, app.actor)
  const code = makeQrCode(picture)
  write?.(/\.svg$/i.test(file!) ? writeSvg(code) : writePng(code))
  app.output.progress(`It works once, until ${time(expires_at)}. On the phone itself: ${tap}`)
  const document = { phone: found.name, picture, tap, expires_at, file: file ?? null }
  app.output.result(document, file === undefined ? writeTerminal(code) : `The picture is in ${file}.`)
  return 0
}
