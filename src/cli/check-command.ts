import type { Command } from 'commander'
import { readFamilies } from '../boot/load-families.ts'
import { readPasswordFaults } from '../db/user-passwords.ts'
import { findUnreadableSettings } from '../people/settings/unreadable-settings.ts'
import type { Complaint } from '../phones/complaint.ts'
import { readFamilyName } from '../phones/find-model.ts'
import { describeAll, describeOne } from './describe-families.ts'
import { describeFamilies } from '../phones/lint/describe-families.ts'
import { lintFamilies } from '../phones/lint/lint-families.ts'
import { listModelGaps } from '../phones/lint/model-gaps.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

const MOST_FAULTS = 100

/** `check`: whether every phone family is sound, and what each supports. */
export function addCheck(program: Command, run: Run): void {
  program
    .command('check')
    .argument('[family]', 'only this one, in full')
    .option('--stored', 'also look for what is stored in the database and cannot be used')
    .description('prove the phone families and print what each supports')
    .action((family: string | undefined, { stored }: { stored?: boolean }) =>
      run((app) => check(app, family, stored ?? false)),
    )
}

async function check(app: App, family: string | undefined, stored: boolean): Promise<ExitCode> {
  const { families, complaints } = await readFamilies()
  const all = [...complaints, ...lintFamilies(families), ...(stored ? await findFaults(app) : [])]
  const wanted = family === undefined ? null : readFamilyName(families, family).name
  const matrix = describeFamilies(families).filter((one) => wanted === null || one.family === wanted)
  const warnings = listModelGaps(families).filter((gap) => wanted === null || gap.family === wanted)
  const faults = formatTable(all.map(({ family: whose, code, message }) => [whose, code, message]))
  const sound = wanted === null ? describeAll(matrix, warnings) : describeOne(matrix[0]!, warnings)
  app.output.result({ complaints: all, warnings, families: matrix }, all.length > 0 ? faults : sound)
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
