import type { Command } from 'commander'
import { addContact, changeContact, listContacts, removeContact } from '../people/contacts/edit-contacts.ts'
import { type ContactImport, type ContactImportOptions, importContacts } from '../people/contacts/import-contacts.ts'
import type { App, Run } from './app.ts'
import { readInput } from './files.ts'
import { type ExitCode, formatTable } from './output.ts'

type Numbers = { number?: string; mobile?: string; home?: string }
type ImportFlags = Pick<ContactImportOptions, 'apply' | 'prune' | 'onlyValid' | 'encoding' | 'delimiter' | 'sheet'>

/** `contact …`: numbers outside of the company that stand in its phonebook. */
export function addContactCommands(program: Command, run: Run): void {
  const contact = program.command('contact').description('numbers outside of the company, for its phonebook')
  contact
    .command('add')
    .argument('<name>')
    .argument('<number>', 'as it is dialled, e.g. +49301234567')
    .option('--mobile <number>')
    .option('--home <number>')
    .description('add a contact')
    .action((name: string, number: string, flags: Numbers) => run((app) => add(app, name, { ...flags, number })))
  contact
    .command('set')
    .argument('<name>')
    .option('--number <number>')
    .option('--mobile <number>', '`-` for none')
    .option('--home <number>', '`-` for none')
    .description('change the numbers of a contact')
    .action((name: string, flags: Numbers) => run((app) => set(app, name, flags)))
  contact
    .command('list')
    .description('the contacts by name')
    .action(() => run(list))
  contact
    .command('remove')
    .argument('<name>')
    .description('remove a contact')
    .action((name: string) => run((app) => remove(app, name)))
  contact
    .command('import')
    .argument('<file>', 'CSV file or workbook with a column for names and one for numbers; - for standard input')
    .option('--apply', 'do it; without this nothing is written')
    .option('--prune', 'also remove contacts whom the file does not name')
    .option('--only-valid', 'leave rows with problems out instead of refusing the file')
    .option('--encoding <name>', 'how the file is encoded, if it is detected wrongly')
    .option('--delimiter <character>', 'what separates its cells, if it is detected wrongly')
    .option('--sheet <name>', 'which sheet of a workbook; otherwise the first')
    .description('show what a list of contacts would change, and with --apply change it')
    .action((file: string, flags: ImportFlags) => run((app) => bring(app, file, flags)))
}

async function add(app: App, name: string, numbers: Numbers): Promise<ExitCode> {
  const contact = await addContact(await app.desk(), await app.tenant(), { name, ...numbers }, app.actor)
  app.output.result(contact, `${contact.name} is in the phonebook.`)
  return 0
}

async function set(app: App, name: string, flags: Numbers): Promise<ExitCode> {
  const numbers = Object.fromEntries(Object.entries(flags).map(([field, text]) => [field, text === '-' ? null : text]))
  const contact = await changeContact(await app.desk(), await app.tenant(), name, numbers, app.actor)
  app.output.result(contact, `${contact.name} is changed.`)
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const contacts = await listContacts(await app.desk(), await app.tenant())
  const rows = contacts.map(({ name, number, mobile, home }) => [name, number, mobile ?? '', home ?? ''])
  app.output.result(contacts, formatTable([['contact', 'number', 'mobile', 'home'], ...rows]))
  return 0
}

async function remove(app: App, name: string): Promise<ExitCode> {
  await removeContact(await app.desk(), await app.tenant(), name, app.actor)
  app.output.result({ name }, `${name} is not in the phonebook any more.`)
  return 0
}

async function bring(app: App, file: string, flags: ImportFlags): Promise<ExitCode> {
  const source = { kind: 'file', bytes: readInput(file) } as const
  const outcome = await importContacts(await app.desk(), await app.tenant(), { source, actor: app.actor }, flags)
  app.output.result(outcome, describe(outcome))
  const { counts, problems, applied } = outcome
  if (problems.length > 0) return 1
  return !applied && counts.new + counts.changed + counts.removed > 0 ? 2 : 0
}

/** As many names as fit on a screen; a list of problems is never cut. */
const MOST_SHOWN = 50
const SIGNS = { new: '+', changed: '~', removed: '-' } as const

function describe({ counts, changes, problems, ignored, applied }: ContactImport): string {
  const faults = problems.map(
    ({ row, field, message, suggestion }) =>
      `! ${row === 0 ? 'file' : `row ${row}`}  ${field === '' ? '' : `${field}: `}${message}${suggestion ? `. ${suggestion}` : ''}`,
  )
  const lines = changes.slice(0, MOST_SHOWN).map(({ verdict, name }) => `${SIGNS[verdict]} ${name}`)
  if (changes.length > MOST_SHOWN) lines.push(`  … and ${changes.length - MOST_SHOWN} more`)
  if (ignored.length > 0) lines.push(`  ? not used: ${ignored.join(', ')}`)
  const { missing, unchanged, problem } = counts
  const sums = `${counts.new} new, ${counts.changed} changed, ${unchanged} unchanged, ${counts.removed} removed, ${problem} with problems. ${missing} contacts are not in the file.`
  const next = applied ? 'It is done.' : 'Nothing is written yet: --apply does it.'
  return [...faults, ...lines, sums, next].join('\n')
}
