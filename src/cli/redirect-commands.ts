import { type Command, Option } from 'commander'
import type { RedirectAddress } from '../db/redirect-accounts.ts'
import { REDIRECT_STATES, type RedirectDevice, type RedirectState } from '../db/redirect-devices.ts'
import { drainRedirects } from '../jobs/drain-redirects.ts'
import { inspectRedirects } from '../jobs/inspect-redirects.ts'
import { AppError } from '../model/app-error.ts'
import { addAccount, changeAccount, listAccounts, removeAccount } from '../people/redirects/accounts.ts'
import { listRedirected, sendRedirects } from '../people/redirects/devices.ts'
import { CLOUD_NAMES } from '../redirect/clouds.ts'
import type { App, Run } from './app.ts'
import { readInput } from './files.ts'
import { type ExitCode, formatTable } from './output.ts'
import { readPairs } from './pairs.ts'
import { describeClouds, readLines, readSerialLines } from './redirect-words.ts'

type AddFlags = { set: string[]; secrets: string; address: RedirectAddress }
type SetFlags = { set: string[]; secrets?: string; address?: RedirectAddress; enable?: boolean; disable?: boolean }
type SendFlags = { serial?: string; serials?: string }

const SHOWN = 200
/** Long enough to read a list of some thousand phones. */
const TRY_MS = 60_000

/** `redirect …`: makers' services that send phones fresh from their box to this server. */
export function addRedirectCommands(program: Command, run: Run): void {
  const redirect = program.command('redirect').description('makers’ services that send new phones here')
  const address = () =>
    new Option('--address <kind>', 'base: this server; token: each phone’s own address').choices(['base', 'token'])
  redirect
    .command('add')
    .argument('[service]', CLOUD_NAMES.join(', '))
    .option('--set <pairs...>', 'options of the account, as NAME=VALUE', [])
    .option('--secrets <file>', 'its secrets, a line NAME=VALUE each; - is standard input', '-')
    .addOption(address().default('base'))
    .description('keep an account and try it; without a service, say what each needs')
    .action((name: string | undefined, flags: AddFlags) =>
      run((app) => (name === undefined ? Promise.resolve(explain(app)) : add(app, name, flags))),
    )
  redirect
    .command('set')
    .argument('<account>', 'its number')
    .option('--set <pairs...>', 'options, as NAME=VALUE; an empty value goes back to the default', [])
    .option('--secrets <file>', 'new secrets, a line NAME=VALUE each; - is standard input')
    .addOption(address())
    .option('--enable', 'work with it again')
    .option('--disable', 'leave it alone')
    .description('change an account')
    .action((text: string, flags: SetFlags) => run((app) => set(app, readNumber(text), flags)))
  redirect
    .command('list')
    .argument('[account]', 'its number: how far each of its phones is')
    .addOption(new Option('--state <state>').choices(REDIRECT_STATES))
    .description('list accounts, or the phones of one')
    .action((text: string | undefined, flags: { state?: RedirectState }) =>
      run((app) => (text === undefined ? list(app) : listPhones(app, readNumber(text), flags.state))),
    )
  redirect
    .command('remove')
    .argument('<account>', 'its number')
    .option('--keep', 'leave its phones registered there', false)
    .description('take its phones from the service, and then forget the account')
    .action((text: string, flags: { keep: boolean }) => run((app) => remove(app, readNumber(text), flags.keep)))
  redirect
    .command('check')
    .argument('<account>', 'its number')
    .description('ask the service what it holds, and compare')
    .action((text: string) => run((app) => check(app, readNumber(text))))
  redirect
    .command('send')
    .argument('<account>', 'its number')
    .argument('[macs...]', 'MAC addresses; without them every phone of the maker that is not confirmed')
    .option('--serial <number>', 'what stands on the label of this one phone')
    .option('--serials <file>', 'lines MAC,SERIAL; - is standard input')
    .description('register phones now, and do what else is due')
    .action((text: string, macs: string[], flags: SendFlags) => run((app) => send(app, readNumber(text), macs, flags)))
}

function explain(app: App): ExitCode {
  const { document, text } = describeClouds()
  app.output.result(document, text)
  return 0
}

async function add(app: App, name: string, { set: words, secrets, address }: AddFlags): Promise<ExitCode> {
  if (secrets === '-') app.output.progress('Reading the secrets from standard input, a line NAME=VALUE each.')
  const draft = { service: name, login: readLines(readInput(secrets)), options: readPairs(words), address }
  const { account, unregistered } = await addAccount(await app.desk(), await app.tenant(), draft, app.actor)
  const problem = await tryAccount(app, account.id)
  const already = unregistered === 1 ? 'One phone is' : `${unregistered} phones are`
  const later = unregistered === 0 ? '' : ` ${already} here already: offhook redirect send ${account.id}`
  app.output.result(
    { ...account, unregistered, problem },
    `Account ${account.id} is kept. ${describeTrial(account.id, problem)}${later}`,
  )
  return problem === null ? 0 : 1
}

async function set(app: App, id: number, flags: SetFlags): Promise<ExitCode> {
  if (flags.enable && flags.disable) throw new AppError('input-invalid', 'Say one of --enable and --disable.')
  const change = {
    ...(flags.secrets !== undefined && { login: readLines(readInput(flags.secrets)) }),
    ...{ options: readPairs(flags.set), address: flags.address },
    enabled: flags.enable ? true : flags.disable ? false : undefined,
  }
  const account = await changeAccount(await app.desk(), await app.tenant(), id, change, app.actor)
  const problem = account.enabled ? await tryAccount(app, id) : null
  app.output.result(
    { ...account, problem },
    `Account ${id} is changed.${account.enabled ? ` ${describeTrial(id, problem)}` : ''}`,
  )
  return problem === null ? 0 : 1
}

function describeTrial(id: number, problem: string | null): string {
  return problem === null
    ? 'The service takes its secrets, or says nothing about them before there is a phone.'
    : `${problem} To correct what is wrong: offhook redirect set ${id} --secrets FILE, or --set NAME=VALUE`
}

/** Null when the service lets the account in. */
async function tryAccount(app: App, id: number): Promise<string | null> {
  try {
    await inspectRedirects(await app.redirects(), id, AbortSignal.timeout(TRY_MS))
    return null
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return `The service did not tell all that it holds in ${TRY_MS / 1_000} seconds.`
    if (error instanceof AppError && error.code === 'redirect-failed') return error.message
    throw error
  }
}

async function list(app: App): Promise<ExitCode> {
  const accounts = await listAccounts(await app.desk(), await app.tenant())
  const rows = accounts.map(({ id, service, username, address, enabled, leaving, devices, altered, note }) => [
    ...[String(id), service, username, address, leaving ? 'leaving' : enabled ? 'on' : 'off'],
    ...REDIRECT_STATES.map((state) => String(devices[state] ?? 0)),
    ...[altered > 0 ? `${altered} altered` : '', note ?? ''],
  ])
  const header = ['account', 'service', 'user', 'address', 'is', ...REDIRECT_STATES, 'alarm', 'note']
  app.output.result(accounts, formatTable([header, ...rows]))
  return accounts.some(({ altered, note }) => altered > 0 || note !== null) ? 1 : 0
}

async function listPhones(app: App, id: number, state: RedirectState | undefined): Promise<ExitCode> {
  const phones = await listRedirected(await app.desk(), await app.tenant(), id, { state, limit: SHOWN })
  if (phones.length === SHOWN) app.output.progress(`These are the first ${SHOWN}; --state shows those of one state.`)
  app.output.result(phones, formatPhones(phones))
  return phones.some((one) => one.state === 'failed' || one.altered_at !== null) ? 1 : 0
}

function formatPhones(phones: readonly RedirectDevice[]): string {
  const rows = phones.map((one) => [
    ...[one.mac, one.present ? one.state : `leaving (${one.state})`, one.confirmed_at?.toISOString() ?? ''],
    [one.altered_to === null ? '' : `The service held ${one.altered_to}.`, one.reason ?? '', one.cure ?? '']
      .filter(Boolean)
      .join(' '),
  ])
  return formatTable([['phone', 'is', 'confirmed', 'note'], ...rows])
}

async function remove(app: App, accountId: number, keep: boolean): Promise<ExitCode> {
  const phones = await removeAccount(await app.desk(), await app.tenant(), { accountId, keep }, app.actor)
  const failure = phones > 0 ? (await drain(app, accountId)).failure : null
  const isLeft = (await listAccounts(await app.desk(), await app.tenant())).some(({ id }) => id === accountId)
  app.output.result({ id: accountId, phones, failure }, describeRemoval(accountId, { phones, failure, isLeft }))
  return 0
}

function describeRemoval(
  id: number,
  { phones, failure, isLeft }: { phones: number; failure: string | null; isLeft: boolean },
): string {
  if (!isLeft) return `Account ${id} is removed.${phones > 0 ? ` Phones forgotten there: ${phones}.` : ''}`
  const wait = `Account ${id} goes when its phones are forgotten there (${phones}); offhook serve tries again by itself.`
  return `${failure === null ? '' : `${failure} `}${wait} To leave them there: offhook redirect remove ${id} --keep`
}

async function check(app: App, id: number): Promise<ExitCode> {
  const tenant = await app.tenant()
  if (!(await listAccounts(await app.desk(), tenant)).some((account) => account.id === id))
    throw new AppError('redirect-unknown', `The tenant ${tenant.slug} has no redirect account ${id}.`)
  const found = await inspectRedirects(await app.redirects(), id, new AbortController().signal)
  const { right, elsewhere, missing, unknown, tellsAddresses } = found
  const lines = [
    `${right} phones are held as they should be${right > 0 && !tellsAddresses ? '; the service does not tell where it sends them' : ''}.`,
    ...elsewhere.map(({ mac, held }) => `${mac} is sent somewhere else: ${held}`),
    ...missing.map((mac) => `${mac} is not held. Register it: offhook redirect send ${id} ${mac}`),
    ...(unknown && unknown.length > 0
      ? [`${unknown.length} phones are held that are not here: ${unknown.slice(0, 10).join(' ')}`]
      : []),
  ]
  app.output.result(found, lines.join('\n'))
  return elsewhere.length + missing.length > 0 ? 1 : 0
}

async function send(app: App, id: number, words: string[], flags: SendFlags): Promise<ExitCode> {
  if (flags.serial !== undefined && words.length !== 1)
    throw new AppError('input-invalid', '--serial is for one phone: name it, or give a list with --serials.')
  const serials = [
    ...(flags.serial === undefined ? [] : [{ mac: words[0]!, serial: flags.serial }]),
    ...(flags.serials === undefined ? [] : readSerialLines(readInput(flags.serials))),
  ]
  const macs = words.length > 0 ? words : undefined
  const queued = await sendRedirects(await app.desk(), await app.tenant(), id, { macs, serials }, app.actor)
  const { failure, ...counts } = await drain(app, id)
  const open = await listRedirected(await app.desk(), await app.tenant(), id, { state: 'failed', limit: SHOWN })
  const summary =
    failure === null
      ? `To be registered: ${queued}. Confirmed: ${counts.confirmed}, open: ${counts.open}.`
      : `${failure} Of ${queued} to be registered ${counts.confirmed} are confirmed; the rest waits, and offhook serve tries again by itself.`
  const text = [summary, ...(open.length > 0 ? [formatPhones(open)] : [])]
  app.output.result({ queued, failure, ...counts, failed: open }, text.join('\n'))
  return failure !== null || open.length > 0 ? 1 : 0
}

async function drain(app: App, id: number) {
  return drainRedirects(await app.redirects(), id, new AbortController().signal)
}

function readNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new AppError('input-invalid', `${text} is not the number of an account. List them with: offhook redirect list`)
}
