import { once } from 'node:events'
import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { exportPeople, type FileFormat, writeTenantTemplate } from '../people/export-people.ts'
import type { App, Run } from './app.ts'
import { openOutput, openParts } from './files.ts'
import type { ExitCode } from './output.ts'

type FileFlags = { format: string; excelSafe?: boolean; out?: string }

/** `export users`, `template`: everybody as a file, and a file for those to come. */
export function addExportCommands(program: Command, run: Run): void {
  program
    .command('export')
    .argument('<what>', 'users')
    .option('--format <format>', 'csv or xlsx', 'csv')
    .option('--excel-safe', 'write numbers so that Excel does not change them')
    .option('--out <file>', 'a file instead of standard output')
    .description('everybody as a file that can be imported again')
    .action((what: string, flags: FileFlags) => run((app) => exportUsers(app, what, flags)))
  program
    .command('template')
    .option('--format <format>', 'csv or xlsx', 'xlsx')
    .requiredOption('--out <file>', 'where to write it')
    .description('a file to fill in, with the roles, locations and groups of the tenant')
    .action((flags: FileFlags) => run((app) => template(app, flags)))
}

async function exportUsers(app: App, what: string, flags: FileFlags): Promise<ExitCode> {
  if (what !== 'users') throw new AppError('input-invalid', 'Only users can be exported: offhook export users')
  const format = readFormat(flags.format)
  if (flags.out === undefined && (format === 'xlsx' || app.output.json))
    throw new AppError('input-invalid', 'This needs a file: --out people.xlsx')
  const out = flags.out === undefined ? null : openParts(flags.out)
  const parts = exportPeople(await app.desk(), await app.tenant(), format, { excelSafe: flags.excelSafe ?? false })
  let bytes = 0
  for await (const part of parts) {
    bytes += part.length
    if (out) out.write(part)
    else if (!process.stdout.write(part)) await once(process.stdout, 'drain')
  }
  out?.close()
  if (out) app.output.result({ file: flags.out, bytes }, `Wrote ${flags.out!}.`)
  return 0
}

async function template(app: App, flags: FileFlags): Promise<ExitCode> {
  const format = readFormat(flags.format)
  const write = openOutput(flags.out!)
  write(await writeTenantTemplate(await app.desk(), await app.tenant(), format))
  app.output.result({ file: flags.out }, `Wrote ${flags.out!}. Fill it in, then: offhook import ${flags.out!}`)
  return 0
}

function readFormat(text: string): FileFormat {
  if (text === 'csv' || text === 'xlsx') return text
  throw new AppError('input-invalid', '--format is csv or xlsx.')
}
