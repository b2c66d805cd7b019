import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { approveImport } from '../people/stored-imports/approve-import.ts'
import { viewImport, viewImports, viewRows, type ViewedRow } from '../people/stored-imports/view-import.ts'
import { workOnImport } from '../people/stored-imports/work-on-import.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { createProgressBar } from './progress-bar.ts'

/** Rows with problems that are shown; all of them are in the file of `--errors`. */
const MOST_SHOWN = 100

/** `imports` and `apply`: what is kept, and doing it. */
export function addStoredImportCommands(program: Command, run: Run): void {
  program
    .command('imports')
    .argument('[import]', 'number of one of them')
    .description('list the imports of the tenant, the newest first, or show one')
    .action((number?: string) => run((app) => (number === undefined ? list(app) : show(app, readNumber(number)))))
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

async function apply(app: App, id: number, onlyValid: boolean): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  // What a process that died was at is gone on with: applying what was approved, or a plan that nobody has seen yet.
  const isDue = async () => ['planning', 'applying'].includes((await viewImport(desk, tenant, id)).state)
  if (!(await isDue())) await approveImport(desk, tenant, id, { actor: app.actor, onlyValid })
  const bar = createProgressBar()
  const work = { importId: id, onProgress: bar.show }
  // A server that runs beside us may be quicker; then there is nothing left to do here but to wait for it.
  while (await isDue())
    if (!(await workOnImport(await app.owner(), desk, work))) await new Promise((resolve) => setTimeout(resolve, 200))
  bar.end()
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
  const lines = problems.map(
    ({ field, message, suggestion }) =>
      `     ${[field, message].filter(Boolean).join(': ')}${suggestion ? `. ${suggestion}` : ''}`,
  )
  return [`! row ${row}  ${who}`, ...lines].join('\n')
}
