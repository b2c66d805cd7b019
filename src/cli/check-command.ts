import type { Command } from 'commander'
import { readFamilies } from '../boot/load-families.ts'
import { readPasswordFaults } from '../db/user-passwords.ts'
import { findUnreadableSettings } from '../people/settings/unreadable-settings.ts'
import type { Complaint } from '../phones/complaint.ts'
import { describeFamilies, type FamilyDescription } from '../phones/lint/describe-families.ts'
import { lintFamilies } from '../phones/lint/lint-families.ts'
import { listModelGaps, type ModelGap } from '../phones/lint/model-gaps.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** Longer lists would push the next column out of sight. */
const MOST_NAMED = 4
const MOST_FAULTS = 100

/** `check`: whether every phone family is sound, and what each supports. */
export function addCheck(program: Command, run: Run): void {
  program
    .command('check')
    .option('--stored', 'also look for what is stored in the database and cannot be used')
    .description('prove the phone families and print what each supports')
    .action(({ stored }: { stored?: boolean }) => run((app) => check(app, stored ?? false)))
}

async function check(app: App, stored: boolean): Promise<ExitCode> {
  const { families, complaints } = await readFamilies()
  const all = [...complaints, ...lintFamilies(families), ...(stored ? await findFaults(app) : [])]
  const matrix = describeFamilies(families)
  const warnings = listModelGaps(families)
  const lines = all.map(({ family, code, message }) => [family, code, message])
  const text =
    all.length > 0 ? formatTable(lines) : [formatTable(describeMatrix(matrix)), ...warnings.map(describeGap)].join('\n')
  app.output.result({ complaints: all, warnings, families: matrix }, text)
  return all.length > 0 ? 1 : 0
}

/** What was sealed with another key: settings keep phones from their files, and nobody logs in with such a password. */
async function findFaults(app: App): Promise<Complaint[]> {
  const settings = await findUnreadableSettings(await app.owner(), (await app.desk()).vault)
  return [
    ...settings.slice(0, MOST_FAULTS).map((message) => ({ family: '', code: 'settings-unreadable', message })),
    ...(await findPasswordFaults(app)),
  ]
}

async function findPasswordFaults(app: App): Promise<Complaint[]> {
  const { count, first } = await readPasswordFaults(await app.owner(), MOST_FAULTS)
  const all = first.map(({ tenant, username }): Complaint => ({
    ...{ family: '', code: 'password-unreadable' },
    message: `The temporary password of ${username} cannot be opened with this OFFHOOK_KEY. Issue a new one: offhook user reissue ${username} --tenant ${tenant} --credentials FILE`,
  }))
  if (count === first.length) return all
  return [...all, { family: '', code: 'password-unreadable', message: `… and ${count - first.length} more` }]
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

function describeGap({ family, missing, models }: ModelGap): string {
  return `warning: ${family}: ${models.length} models do not tell ${missing}: ${models.slice(0, MOST_NAMED).join(', ')}${models.length > MOST_NAMED ? ', …' : ''}`
}

function describeSupport(support: boolean | readonly string[]): string {
  if (typeof support === 'boolean') return support ? 'yes' : '-'
  return support.length > MOST_NAMED ? `${support.length} values` : support.join(' ')
}
