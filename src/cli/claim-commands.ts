import type { Command } from 'commander'
import { CLAIM_NUMBER } from '../model/claim.ts'
import { AppError } from '../model/app-error.ts'
import { createClaimCode, endClaimCodes, viewClaimCodes } from '../people/claims/claim-codes.ts'
import { viewClaimPhones } from '../people/claims/view-claim-phones.ts'
import type { App, Run } from './app.ts'
import { time } from './describe-phone.ts'
import { type ExitCode, formatTable } from './output.ts'

type CreateFlags = { installer: string; minutes: string; phones: string; from?: string[] }

/** `claim-code …`: letting an installer claim phones by dialling from them. */
export function addClaimCommands(program: Command, run: Run): void {
  const code = program
    .command('claim-code')
    .description(`codes by which phones are claimed: dial ${CLAIM_NUMBER} on one`)
  code
    .command('create')
    .option('--installer <name>', 'who goes through the building, for the history', 'installer')
    .option('--minutes <number>', 'how long phones may be claimed, at most a day', '60')
    .option('--phones <number>', 'how many it may give away', '50')
    .option(
      '--from <networks...>',
      'where the phones ask from, e.g. 192.0.2.0/24; needed where several tenants install',
    )
    .description('make a code and print it, this once; until it ends, unknown phones get an account to dial it from')
    .action((flags: CreateFlags) => run((app) => create(app, flags)))
  code.command('list').action(() => run(list))
  code
    .command('revoke')
    .argument('<code>', 'its number in the list, or `all`')
    .description('end it at once')
    .action((text: string) => run((app) => revoke(app, text)))
  code
    .command('phones')
    .description('the phones that were given an account, and how far each came')
    .action(() => run(listPhones))
}

async function create(app: App, flags: CreateFlags): Promise<ExitCode> {
  const networks = (flags.from ?? []).flatMap((text) => text.split(',')).filter(Boolean)
  const wanted = { installer: flags.installer, minutes: Number(flags.minutes), phones: Number(flags.phones), networks }
  const [desk, owner, tenant] = [await app.desk(), await app.owner(), await app.tenant()]
  const { code, id, expires_at } = await createClaimCode(desk, owner, tenant, wanted, app.actor)
  app.output.progress(
    `Good until ${time(expires_at)}. Plug a phone in, dial ${CLAIM_NUMBER} on it, key in the code and # and the extension and #.`,
  )
  if (networks.length === 0)
    app.output.progress(
      'Until then, whoever reaches the address of your phones may try. Better: --from where they are.',
    )
  app.output.result({ id, code: code.reveal(), number: CLAIM_NUMBER, expires_at }, code.reveal())
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const codes = await viewClaimCodes(await app.desk(), await app.tenant())
  const rows = codes.map(({ id, state, installer, networks, claimed, phones_left, wrong_tries, expires_at }) => [
    ...[String(id), state, installer, networks.join(' ') || 'anywhere', String(claimed), String(phones_left)],
    ...[String(wrong_tries), time(expires_at)],
  ])
  const heads = ['code', 'state', 'installer', 'from', 'claimed', 'left', 'wrong tries', 'until']
  app.output.result(codes, formatTable([heads, ...rows]))
  return 0
}

async function revoke(app: App, text: string): Promise<ExitCode> {
  if (text !== 'all' && !/^[1-9]\d{0,14}$/.test(text))
    throw new AppError(
      'input-invalid',
      `${JSON.stringify(text)} is not the number of a claim code. See: offhook claim-code list`,
    )
  const id = text === 'all' ? null : Number(text)
  const revoked = await endClaimCodes(await app.desk(), await app.tenant(), id, app.actor)
  app.output.result({ revoked }, revoked === 1 ? 'One code is void.' : `${revoked} codes are void.`)
  return 0
}

async function listPhones(app: App): Promise<ExitCode> {
  const phones = await viewClaimPhones(await app.desk(), await app.tenant())
  const rows = phones.map(({ mac, model, address, state, extension, installer, wrong_tries, opened_at, note }) => [
    ...[mac, model, address, state, extension ?? '', installer ?? '', String(wrong_tries), time(opened_at), note ?? ''],
  ])
  const heads = ['phone', 'model', 'from', 'state', 'extension', 'installer', 'wrong tries', 'since', 'note']
  app.output.result(phones, formatTable([heads, ...rows]))
  return 0
}
