import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { tellWaiting } from '../db/waiting-phones.ts'
import { AppError } from '../model/app-error.ts'
import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import type { ImportOutcome } from '../people/import-outcome.ts'
import { applyImport, type ImportRequest, previewImport } from '../people/import-people.ts'
import { createImport } from '../people/stored-imports/create-import.ts'
import { takeCredentials } from '../people/stored-imports/take-credentials.ts'
import { workOnImport } from '../people/stored-imports/work-on-import.ts'
import type { App, Run } from './app.ts'
import { describeImport } from './describe-import.ts'
import { openOutput, readInput } from './files.ts'
import type { ExitCode } from './output.ts'
import { createProgressBar } from './progress-bar.ts'

type Flags = {
  map: Record<string, string>
  set: Record<string, string>
  value: Partial<Record<PersonField, Record<string, string>>>
  encoding?: string
  delimiter?: string
  sheet?: string
  update?: boolean
  prune?: boolean
  adopt?: boolean
  onlyValid?: boolean
  apply?: boolean
  errors?: string
  keep?: boolean
  credentials?: string
}

export function addImport(program: Command, run: Run): void {
  program
    .command('import')
    .argument('<file>', 'CSV or xlsx file; - for standard input, such as a pasted table')
    .description('show what a list of people would change, and with --apply change it')
    .option('--map <FIELD=HEADER>', 'which column is which field', collectPair, {})
    .option('--set <FIELD=VALUE>', 'a value for all rows that have none', collectPair, {})
    .option(
      '--value <FIELD:TEXT=MEANT>',
      'what a text of the file means, such as role:Vertrieb=Sales',
      collectValue,
      {},
    )
    .option('--encoding <name>', 'how the file is encoded, if it is detected wrongly')
    .option('--delimiter <character>', 'what separates its cells, if it is detected wrongly')
    .option('--update', 'also change people who exist')
    .option('--prune', 'also remove people whom the file does not name')
    .option('--adopt', "take over rows that are in Asterisk's tables already")
    .option('--only-valid', 'leave rows with problems out instead of refusing the file')
    .option('--sheet <name>', 'which sheet of a workbook; otherwise the first')
    .option('--apply', 'do it; without this nothing is written')
    .option('--keep', 'keep what would change, to be corrected and applied later; see: offhook apply')
    .option('--errors <file>', 'write the rows with problems to a CSV file that can be corrected and imported')
    .option('--credentials <file>', 'with --apply: write the passwords of the new people to a CSV file')
    .action((file: string, flags: Flags) => run((app) => importFile(app, file, flags)))
}

async function importFile(app: App, file: string, flags: Flags): Promise<ExitCode> {
  const { encoding, delimiter, sheet, update, prune, adopt, onlyValid } = flags
  const request: ImportRequest = {
    tenant: await app.tenant(),
    source: file === '-' ? 'standard input' : basename(file),
    actor: app.actor,
    input: { kind: 'file', bytes: readInput(file) },
    options: {
      ...{ map: fieldsOf(flags.map), set: flags.set, values: flags.value, encoding, delimiter, sheet },
      ...withoutAbsent({ update, prune, adopt, onlyValid }),
    },
  }
  if (flags.keep && flags.apply) throw new AppError('input-invalid', '--keep and --apply exclude each other.')
  if (flags.credentials !== undefined && !flags.apply)
    throw new AppError('input-invalid', '--credentials needs --apply: only people who exist have passwords.')
  // Before anything is applied: a list of what was left out must not fail at the very end.
  const writeFaulty = flags.errors === undefined ? null : openOutput(flags.errors)
  const writeSecrets = flags.credentials === undefined ? null : openOutput(flags.credentials)
  const outcome = await run(app, request, flags)
  writeFaulty?.(outcome.writeErrors())
  const { import: id, state, rows, counts, changes, problems, read } = outcome
  const detected = { ...outcome.detected, columns: read.columns }
  const result = { import: id, state, rows, counts, changes, problems, warnings: read.warnings, detected }
  app.output.result(result, describeImport(outcome))
  if (state === 'applied') {
    const { tenant, actor } = request
    await tellWaiting(await app.owner(), tenant.id)
    writeSecrets?.(await takeCredentials(await app.desk(), tenant, id!, { sipHost: app.sipHost(), actor }))
    await app.tellAsterisk()
  }
  return exitCodeOf(outcome)
}

async function run(app: App, request: ImportRequest, flags: Flags): Promise<ImportOutcome> {
  const desk = await app.desk()
  if (flags.apply) return applyImport(desk, request)
  if (!flags.keep) return previewImport(desk, request)
  const importId = await createImport(desk, request)
  const bar = createProgressBar()
  const work = await workOnImport(await app.owner(), desk, { importId, onProgress: bar.show })
  bar.end()
  // A server that runs beside us may have been quicker; what it found is what a preview finds.
  return work?.outcome ?? { ...(await previewImport(desk, request)), import: importId }
}

/** Options that were not given are not in the history as undefined. */
function withoutAbsent<T extends object>(flags: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as never
}

export function exitCodeOf(outcome: ImportOutcome): ExitCode {
  if (outcome.problems.length > 0) return 1
  const written =
    outcome.state === 'applied' ? 0 : outcome.changes.create + outcome.changes.update + outcome.changes.delete
  return written > 0 || outcome.heldBack > 0 ? 2 : 0
}

function collectPair(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must look like FIELD=VALUE.')
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) }
}

function collectValue(text: string, previous: Flags['value']): Flags['value'] {
  const [, field = '', written = '', meant = ''] = /^([a-z_]+):([^=]+)=(.*)$/s.exec(text) ?? []
  const known = PERSON_FIELDS.find((name) => name === field)
  if (known === undefined)
    throw new InvalidArgumentError('It must look like role:Vertrieb=Sales, with a field before the colon.')
  return { ...previous, [known]: { ...previous[known], [written]: meant } }
}

function fieldsOf(pairs: Record<string, string>): Partial<Record<PersonField, string>> {
  const unknown = Object.keys(pairs).find((name) => !PERSON_FIELDS.some((field) => field === name))
  if (unknown === undefined) return pairs
  throw new AppError('input-invalid', `There is no field ${unknown}. Fields: ${PERSON_FIELDS.join(', ')}`)
}
