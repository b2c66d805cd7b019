import type { Command } from 'commander'
import { openBooks } from '../boot/books/open-books.ts'
import { compileBook } from '../boot/books/compile-book.ts'
import { AppError } from '../model/app-error.ts'
import { countCompanyBook, readCompanyBook, switchCompanyBook } from '../people/contacts/company-book.ts'
import type { Family } from '../phones/family.ts'
import type { App, Run } from './app.ts'
import { describeCut } from './describe-book.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `phonebook …`: what phones show when somebody looks for a colleague. */
export function addPhonebookCommands(program: Command, run: Run): void {
  const phonebook = program.command('phonebook').description('the directory of the company, as its phones get it')
  phonebook
    .command('show')
    .option('--family <name>', 'the file that phones of this family get, e.g. yealink')
    .option('--page <number>', 'of a file in pages', '1')
    .description('people, groups and contacts in the order of the tenant’s language')
    .action((flags: { family?: string; page: string }) =>
      run((app) => (flags.family === undefined ? show(app) : showFile(app, flags.family, Number(flags.page)))),
    )
  phonebook
    .command('on')
    .description('give it to the phones of the tenant')
    .action(() => run((app) => turn(app, true)))
  phonebook
    .command('off')
    .description('keep it from the phones of the tenant')
    .action(() => run((app) => turn(app, false)))
}

async function show(app: App): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const { rows, language } = await readCompanyBook(desk, tenant)
  const book = await compileBook(rows, language)
  const { families } = await countCompanyBook(desk, tenant)
  const cuts = (await app.families())
    .filter(({ name }) => families.includes(name))
    .flatMap((family) => describeCut(family, book.entries.length) ?? [])
  const lines = book.entries.map(({ name, number, mobile, home, kind }) => [
    name,
    number,
    mobile ?? '',
    home ?? '',
    kind,
  ])
  const table = formatTable([[book.title, 'number', 'mobile', 'home', 'is'], ...lines])
  app.output.result({ ...book, warnings: cuts }, [...cuts, table].join('\n'))
  return 0
}

async function showFile(app: App, name: string, page: number): Promise<ExitCode> {
  const family = await findFamily(app, name)
  const files = family.files.filter(({ kind }) => kind === 'book')
  // A menu that leads to pages is not what somebody wants to see.
  const file = files.find(({ book }) => book!.page !== null) ?? files[0]
  if (!file) throw new AppError('input-invalid', `${family.displayName} phones get no phonebook that we can write.`)
  const tenant = await app.tenant()
  const warn = (_: unknown, text: string) => app.output.progress(text)
  const books = openBooks({ pool: await app.owner(), hears: () => true, log: { warn } })
  const answer = await books.find(
    tenant.id,
    { family, file },
    { page, query: '', address: `${app.phonesUrl()}/TOKEN/` },
  )
  if (!answer) throw new AppError('input-invalid', `There is no page ${page}.`)
  const text = answer.bytes.toString('utf8')
  app.output.result({ family: family.name, file: file.examples[0], contentType: answer.contentType, text }, text)
  return 0
}

async function findFamily(app: App, name: string): Promise<Family> {
  const families = await app.families()
  const found = families.find((family) => family.name === name.toLowerCase())
  if (found) return found
  const known = families.filter(({ files }) => files.some(({ kind }) => kind === 'book')).map((family) => family.name)
  throw new AppError('input-invalid', `There is no phone family ${name}. Those with a phonebook: ${known.join(', ')}.`)
}

async function turn(app: App, isOn: boolean): Promise<ExitCode> {
  const tenant = await app.tenant()
  await switchCompanyBook(await app.desk(), tenant, isOn, app.actor)
  const text = isOn
    ? 'Phones get the phonebook with their next configuration.'
    : 'Phones do not get the phonebook any more.'
  app.output.result({ tenant: tenant.slug, companyPhonebook: isOn }, text)
  return 0
}
