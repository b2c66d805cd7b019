import type { Command } from 'commander'
import type { MailRecord } from '../db/mail-list.ts'
import type { MailState } from '../db/mails.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { findUserIds } from '../db/user-names.ts'
import { provideVoicemailToken } from '../db/voicemail-token.ts'
import { AppError } from '../model/app-error.ts'
import { listMails, resendMails, type ResendChoice } from '../people/mails.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

const STATES: readonly string[] = ['queued', 'sent', 'failed'] satisfies MailState[]

type Flags = { user?: string[]; import?: string; state?: string; failed?: boolean }

/** `mail` and `voicemail-token`: what people are sent, and who may hand over voicemails. */
export function addMailCommands(program: Command, run: Run): void {
  const mail = program.command('mail').description('what people are sent by mail')
  mail
    .command('list')
    .description('list the mails of the tenant, the newest first')
    .option('--user <name...>', 'only those to these users')
    .option('--import <number>', 'only those of this import')
    .option('--state <state>', STATES.join(', '))
    .action((flags: Flags) => run((app) => list(app, flags)))
  mail
    .command('resend')
    .description('send invitations and welcomes again, with a new link, to the address that the user has now')
    .option('--user <name...>', 'to these users')
    .option('--import <number>', 'to everybody to whom this import sent one')
    .option('--failed', 'every mail that failed or waits for its next attempt')
    .action((flags: Flags) => run((app) => resend(app, flags)))
  program
    .command('voicemail-token')
    .description('print what asterisk/offhook-mail shows when it hands over a voicemail')
    .option('--rotate', 'make another one; the one before is refused from now on')
    .action((flags: { rotate?: boolean }) => run((app) => showToken(app, flags.rotate ?? false)))
}

async function list(app: App, flags: Flags): Promise<ExitCode> {
  const tenant = await app.tenant()
  if (flags.state !== undefined && !STATES.includes(flags.state))
    throw new AppError('input-invalid', `${flags.state} is none of ${STATES.join(', ')}.`)
  const mails = await listMails(await app.desk(), tenant, {
    ...(flags.user && { userIds: await readUsers(app, tenant, flags.user) }),
    ...(flags.import !== undefined && { importId: readNumber(flags.import) }),
    ...(flags.state !== undefined && { state: flags.state as MailState }),
  })
  app.output.result(
    mails,
    formatTable([['mail', 'kind', 'state', 'to', 'user', 'attempts', 'when', 'note'], ...mails.map(toLine)]),
  )
  warnOfNoServer(app)
  return mails.some(({ state }) => state === 'failed') ? 1 : 0
}

function toLine(mail: MailRecord): string[] {
  const { id, kind, state, recipient, username, attempts, sent_at, queued_at, last_error } = mail
  const when = (sent_at ?? queued_at).toISOString()
  return [String(id), kind, state, recipient, username ?? '', String(attempts), when, last_error ?? '']
}

async function resend(app: App, flags: Flags): Promise<ExitCode> {
  const tenant = await app.tenant()
  const choices: ResendChoice[] = [
    ...(flags.user ? [{ userIds: await readUsers(app, tenant, flags.user) }] : []),
    ...(flags.import === undefined ? [] : [{ importId: readNumber(flags.import) }]),
    ...(flags.failed ? [{ failed: true } as const] : []),
  ]
  const [choice] = choices
  if (!choice || choices.length > 1)
    throw new AppError('input-invalid', 'Say whose mails to send again: one of --user, --import and --failed.')
  const mails = await resendMails(await app.desk(), tenant, choice, app.actor)
  app.output.result({ mails }, mails === 1 ? '1 mail is queued.' : `${mails} mails are queued.`)
  warnOfNoServer(app)
  return 0
}

function warnOfNoServer(app: App): void {
  const isSet = app.describeConfig().some(({ name, value }) => name === 'OFFHOOK_SMTP_URL' && value !== null)
  if (!isSet) app.output.progress('OFFHOOK_SMTP_URL is not set: mails wait until it is.')
}

async function readUsers(app: App, tenant: Tenant, names: readonly string[]): Promise<number[]> {
  const { pool } = await app.desk()
  const found = await inTransaction(pool, tenant.id, (client) => findUserIds(client, tenant.id, names))
  const unknown = names.find((name) => !found.has(name.toLowerCase()))
  if (unknown !== undefined) throw new AppError('input-invalid', `There is no user ${unknown} at ${tenant.slug}.`)
  return [...new Set(found.values())]
}

function readNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new AppError('input-invalid', `${text} is not the number of an import.`)
}

async function showToken(app: App, rotate: boolean): Promise<ExitCode> {
  const { vault } = await app.desk()
  const token = (await provideVoicemailToken(await app.owner(), vault, rotate)).reveal()
  app.output.result({ token }, token)
  return 0
}
