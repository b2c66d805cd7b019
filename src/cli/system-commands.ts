import type { Command } from 'commander'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `serve`, `migrate`, `config`. */
export function addSystemCommands(program: Command, run: Run): void {
  program
    .command('serve')
    .description('answer phones and people until stopped')
    .action(() => run(serve))
  program
    .command('migrate')
    .description('bring the database to this version')
    .action(() => run(migrate))
  program
    .command('config')
    .description('print the effective configuration, secrets as ***')
    .action(() => run((app) => Promise.resolve(showConfig(app))))
}

async function serve(app: App): Promise<ExitCode> {
  await app.serve()
  return 0
}

async function migrate(app: App): Promise<ExitCode> {
  const done = await app.migrate()
  app.output.result({ done }, done.length > 0 ? `Ran ${done.join(', ')}.` : 'Nothing to do.')
  return 0
}

function showConfig(app: App): ExitCode {
  const values = app.describeConfig()
  const rows = values.map(({ name, value }) => [name, value ?? '(not set)'])
  app.output.result(Object.fromEntries(values.map(({ name, value }) => [name, value])), formatTable(rows))
  return 0
}
