import type { Command } from 'commander'
import { AppError } from '../model/app-error.ts'
import { findDrift } from '../people/find-drift.ts'
import { undoImport } from '../people/undo-import.ts'
import { verbOf } from '../plan/change.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { createProgressBar } from './progress-bar.ts'

/** `undo`, `drift`: what comes after an import. */
export function addPeopleCommands(program: Command, run: Run): void {
  program
    .command('undo')
    .argument('<import>', 'number of an applied import')
    .description('take an import back; who was edited since is kept and listed')
    .action((number: string) => run((app) => undo(app, number)))
  program
    .command('drift')
    .description("compare Asterisk's tables with what they should hold")
    .option('--fix', 'put them right')
    .action((flags: { fix?: boolean }) => run((app) => drift(app, flags.fix ?? false)))
}

async function undo(app: App, text: string): Promise<ExitCode> {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new AppError('input-invalid', `${text} is not the number of an import.`)
  const bar = createProgressBar()
  const outcome = await undoImport(await app.desk(), await app.tenant(), number, app.actor, bar.show)
  bar.end()
  const kept = outcome.kept.map((who) => `  kept, edited since: ${who}`)
  app.output.result(outcome, [`Import ${number} is undone: ${outcome.undone} people.`, ...kept].join('\n'))
  await app.tellAsterisk()
  return outcome.kept.length > 0 ? 1 : 0
}

async function drift(app: App, fix: boolean): Promise<ExitCode> {
  const found = await findDrift(await app.desk(), await app.tenant(), { fix, actor: app.actor })
  const changes = found.changes.map((change) => ({ verb: verbOf(change), table: change.table, key: change.key }))
  const lines = changes.map(({ verb, table, key }) => [verb, table, key])
  const last = changes.length === 0 ? 'No drift.' : fix ? `Repaired ${changes.length} rows.` : 'To repair: --fix'
  const problems = found.problems.map(({ message }) => `! ${message}`)
  app.output.result(
    { changes, problems: found.problems, fixed: fix },
    [formatTable(lines), ...problems, last].filter(Boolean).join('\n'),
  )
  if (fix) await app.tellAsterisk()
  if (found.problems.length > 0) return 1
  return changes.length > 0 && !fix ? 2 : 0
}
