import type { Command } from 'commander'
import { readFamilies } from '../boot/load-families.ts'
import { describeFamilies, type FamilyDescription } from '../phones/lint/describe-families.ts'
import { lintFamilies } from '../phones/lint/lint-families.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** Longer lists would push the next column out of sight. */
const MOST_NAMED = 4

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
  app.output.result({ complaints: all, families: matrix }, formatTable(all.length > 0 ? lines : describeMatrix(matrix)))
  return all.length > 0 ? 1 : 0
}

/** A row a setting, a column a family. */
function describeMatrix(families: readonly FamilyDescription[]): string[][] {
  const settings = Object.keys(families[0]?.supports ?? {})
  return [
    ['setting', ...families.map(({ family }) => family)],
    ...settings.map((name) => [name, ...families.map(({ supports }) => describeSupport(supports[name] ?? false))]),
    ['models', ...families.map(({ models }) => String(models.length))],
    ['resync', ...families.map(({ resync }) => resync ?? '-')],
  ]
}

function describeSupport(support: boolean | readonly string[]): string {
  if (typeof support === 'boolean') return support ? 'yes' : '-'
  return support.length > MOST_NAMED ? `${support.length} values` : support.join(' ')
}
