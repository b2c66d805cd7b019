import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import type { Problem } from '../model/problem.ts'
import { approveImport } from '../people/stored-imports/approve-import.ts'
import { bringCorrections } from '../people/stored-imports/correct-import.ts'
import { viewImport, viewImports, viewRows, type ViewedRow } from '../people/stored-imports/view-import.ts'
import type { App, Run } from './app.ts'
import { readInput } from './files.ts'
import { type ExitCode, formatTable } from './output.ts'
import { workUntilDone } from './work-until-done.ts'

/** Rows with problems that are shown; all of them are in the file of `--errors`. */
const MOST_SHOWN = 100

/** `imports`, `correct` and `apply`: what is kept, putting it right, and doing it. */
export function addStoredImportCommands(program: Command, run: Run): void {
  program
    .command('imports')
    .argument('[import]', 'number of one of them')
    .description('list the imports of the tenant, the newest first, or show one')
    .action((number?: string) => run((app) => (number === undefined ? list(app) : show(app, readNumber(number)))))
  program
    .command('correct')
    .argument('<import>', 'number of an import that was kept with: import --keep')
    .argument('<file>', 'the file of --errors with its rows put right; rows without a number are new')
    .description('take corrected rows into a kept import, and plan it again')
    .action((number: string, file: string) => run((app) => correct(app, readNumber(number), file)))
  program
    .command('apply')
    .argument('<import>', 'number of an import that was kept with: import --keep')
    .option('--only-valid', 'leave rows with problems out')
    .description('do what a kept import was planned to do, and nothing else')
    .action((number: string, flags: { onlyValid?: boolean }) =>
      run((app) => apply(app, readNumber(number), flags.onlyValid ?? false)),
    )
}

async function list(app: App): Promise<ExitCode> {
  const imports = await viewImports(await app.desk(), await app.tenant(), {})
  const rows = imports.map(({ id, state, source, actor, created_at, counts, options }) => [
    ...[
      String(id),
      state,
      source,
      actor,
      created_at.toISOString(),
      describeCounts(options['prune'] ? counts : { ...counts, missing: 0 }),
    ],
  ])
  app.output.result(imports, formatTable([['import', 'state', 'source', 'by', 'at', 'people'], ...rows]))
  return 0
}

async function show(app: App, id: number): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const record = await viewImport(desk, tenant, id)
  const faulty = await viewRows(desk, tenant, id, { verdict: 'problem', limit: MOST_SHOWN })
  const head = [
    ...[`Import ${id}: ${record.source}, by ${record.actor}, ${record.created_at.toISOString()}`],
    `${record.state}${record.note ? `: ${record.note}` : ''}`,
    describeCounts(record.counts),
  ]
  app.output.result({ ...record, faulty }, [...head, ...faulty.map(describeRow)].filter(Boolean).join('\n'))
  return record.state === 'planned' ? (faulty.length > 0 ? 1 : 2) : 0
}

async function correct(app: App, id: number, file: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  await bringCorrections(desk, { tenant, importId: id, actor: app.actor }, readInput(file))
  await workUntilDone(app, id)
  const { refused, note } = await viewImport(desk, tenant, id)
  if (refused.length > 0) {
    app.output.result({ import: id, problems: refused }, [note, ...refused.map(describeProblem)].join('\n'))
    return 1
  }
  return show(app, id)
}

async function apply(app: App, id: number, onlyValid: boolean): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  // What a process that died was at is gone on with: applying what was approved, or a plan that nobody has seen yet.
  const due = (await viewImport(desk, tenant, id)).state
  if (due !== 'planning' && due !== 'applying') await approveImport(desk, tenant, id, { actor: app.actor, onlyValid })
  await workUntilDone(app, id)
  const record = await viewImport(desk, tenant, id)
  const done = record.state === 'applied'
  const text = done
    ? `Applied: ${describeCounts(record.counts)}. To take it back: offhook undo ${id}`
    : `${record.note ?? `It is ${record.state}.`} To look at it: offhook imports ${id}`
  app.output.result({ import: id, state: record.state, note: record.note, counts: record.counts }, text)
  if (done) await app.tellAsterisk()
  return done ? 0 : 1
}

function readNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new AppError('input-invalid', `${JSON.stringify(text)} is not the number of an import. See: offhook imports`)
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function describeRow({ row, who, problems }: ViewedRow): string {
  return [`! row ${row}  ${who}`, ...problems.map((problem) => `     ${describeProblem(problem)}`)].join('\n')
}

function describeProblem({ field, message, suggestion }: Problem): string {
  return `${[field, message].filter(Boolean).join(': ')}${suggestion ? `. ${suggestion}` : ''}`
}
