import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { writeErrors } from '../import/write-errors.ts'
import { AppError } from '../model/app-error.ts'
import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import type { ImportOutcome } from '../people/import-outcome.ts'
import { applyImport, previewImport } from '../people/import-people.ts'
import type { App, Run } from './app.ts'
import { describeImport } from './describe-import.ts'
import type { ExitCode } from './output.ts'

type Flags = {
  map: Record<string, string>
  set: Record<string, string>
  encoding?: string
  delimiter?: string
  update?: boolean
  prune?: boolean
  adopt?: boolean
  onlyValid?: boolean
  apply?: boolean
  errors?: string
}

export function addImport(program: Command, run: Run): void {
  program
    .command('import')
    .argument('<file>', 'CSV file, - for standard input')
    .description('show what a list of people would change, and with --apply change it')
    .option('--map <FIELD=HEADER>', 'which column is which field', collectPair, {})
    .option('--set <FIELD=VALUE>', 'a value for all rows that have none', collectPair, {})
    .option('--encoding <name>', 'how the file is encoded, if it is detected wrongly')
    .option('--delimiter <character>', 'what separates its cells, if it is detected wrongly')
    .option('--update', 'also change people who exist')
    .option('--prune', 'also remove people whom the file does not name')
    .option('--adopt', "take over rows that are in Asterisk's tables already")
    .option('--only-valid', 'leave rows with problems out instead of refusing the file')
    .option('--apply', 'do it; without this nothing is written')
    .option('--errors <file>', 'write the rows with problems to a CSV file that can be corrected and imported')
    .action((file: string, flags: Flags) => run((app) => importFile(app, file, flags)))
}

async function importFile(app: App, file: string, flags: Flags): Promise<ExitCode> {
  const request = {
    tenant: await app.tenant(),
    source: file === '-' ? 'standard input' : basename(file),
    actor: app.actor,
    input: { kind: 'file' as const, bytes: readInput(file) },
    options: { ...flags, map: fieldsOf(flags.map), set: fieldsOf(flags.set) },
  }
  const desk = await app.desk()
  // Before anything is applied: a list of what was left out must not fail at the very end.
  const write = flags.errors === undefined ? null : openOutput(flags.errors)
  const outcome = flags.apply ? await applyImport(desk, request) : await previewImport(desk, request)
  write?.(writeErrors(outcome.read))
  const { import: id, state, rows, counts, changes, problems } = outcome
  app.output.result({ import: id, state, rows, counts, changes, problems }, describeImport(outcome))
  if (state === 'applied') await app.tellAsterisk()
  return exitCodeOf(outcome)
}

export function exitCodeOf(outcome: ImportOutcome): ExitCode {
  if (outcome.problems.length > 0) return 1
  const written =
    outcome.state === 'applied' ? 0 : outcome.changes.create + outcome.changes.update + outcome.changes.delete
  return written > 0 || outcome.heldBack > 0 ? 2 : 0
}

function readInput(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    throw new AppError('file-unreadable', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

/** Makes the file, for its owner only, and gives what fills it. */
function openOutput(file: string): (text: string | Buffer) => void {
  try {
    const descriptor = openSync(file, 'w', 0o600)
    return (text) => {
      writeFileSync(descriptor, text)
      closeSync(descriptor)
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('file-unwritable', `${file} cannot be written (${code}).`, { cause })
  }
}

function collectPair(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must look like FIELD=VALUE.')
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) }
}

function fieldsOf(pairs: Record<string, string>): Partial<Record<PersonField, string>> {
  const unknown = Object.keys(pairs).find((name) => !PERSON_FIELDS.some((field) => field === name))
  if (unknown === undefined) return pairs
  throw new AppError('input-invalid', `There is no field ${unknown}. Fields: ${PERSON_FIELDS.join(', ')}`)
}
