import type { Command } from 'commander'
import { listKeptMailboxes, removeKeptMailbox } from '../people/kept-mailboxes.ts'
import { listLeftRecordings } from '../people/left-recordings.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `mailbox …`: those that were kept when their owners were removed. */
export function addMailboxCommands(program: Command, run: Run): void {
  const mailbox = program.command('mailbox').description('mailboxes of people who were removed')
  mailbox
    .command('list')
    .description('mailboxes that still take messages for a number that is nobody’s')
    .action(() => run(list))
  mailbox
    .command('remove')
    .argument('<extension>')
    .description('delete such a mailbox, and free its extension')
    .action((extension: string) => run((app) => remove(app, extension)))
  mailbox
    .command('leftovers')
    .description("folders below Asterisk's voicemail whose mailbox is gone for good: recordings to be deleted there")
    .action(() => run(leftovers))
}

async function leftovers(app: App): Promise<ExitCode> {
  const folders = await listLeftRecordings(await app.desk(), await app.tenant())
  app.output.result(folders, folders.join('\n'))
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const kept = await listKeptMailboxes(await app.desk(), await app.tenant())
  const rows = kept.map(({ extension, name, mailbox }) => [extension, name, mailbox])
  app.output.result(kept, formatTable([['extension', 'of', 'mailbox'], ...rows]))
  return 0
}

async function remove(app: App, extension: string): Promise<ExitCode> {
  await removeKeptMailbox(await app.desk(), await app.tenant(), extension, app.actor)
  app.output.result({ extension }, `The mailbox of ${extension} is gone, and the number is free.`)
  await app.tellAsterisk()
  return 0
}
