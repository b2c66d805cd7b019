import type { Command } from 'commander'
import { readFamilies } from '../boot/load-families.ts'
import { describeFamilies } from '../phones/lint/describe-families.ts'
import { lintFamilies } from '../phones/lint/lint-families.ts'
import type { App } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

type Run = (work: (app: App) => Promise<ExitCode>) => Promise<void>

/** `check`: whether every phone family is sound, and what each supports. */
export function addCheck(program: Command, run: Run): void {
  program
    .command('check')
    .description('prove the phone families and print what each supports')
    .action(() => run(check))
}

async function check(app: App): Promise<ExitCode> {
  const { families, complaints } = await readFamilies()
  const all = [...complaints, ...lintFamilies(families)]
  const matrix = describeFamilies(families)
  const lines = all.map(({ family, code, message }) => [family, code, message])
  app.output.result({ complaints: all, families: matrix }, all.length > 0 ? formatTable(lines) : JSON.stringify(matrix))
  return all.length > 0 ? 1 : 0
}
