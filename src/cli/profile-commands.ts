import type { Command } from 'commander'
import { addProfile, assignProfile, listProfiles, removeProfile, renameProfile } from '../people/profiles.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `profile …`: named sets of settings for phones of one use. What they say: `settings set --profile NAME`. */
export function addProfileCommands(program: Command, run: Run): void {
  const profile = program
    .command('profile')
    .description('named sets of settings for phones of one use, such as a lobby')
  profile
    .command('add')
    .argument('<name>')
    .description('add a profile; say what it is with: settings set --profile NAME')
    .action((name: string) => run((app) => add(app, name)))
  profile
    .command('list')
    .description('the profiles, and how many phones have each')
    .action(() => run(list))
  profile
    .command('rename')
    .argument('<name>')
    .argument('<new>')
    .action((name: string, text: string) => run((app) => rename(app, name, text)))
  profile
    .command('remove')
    .argument('<name>')
    .description('remove a profile that no phone has')
    .action((name: string) => run((app) => remove(app, name)))
  profile
    .command('assign')
    .argument('<name>')
    .argument('<mac...>')
    .description('give phones this profile in the place of what they had')
    .action((name: string, phones: string[]) => run((app) => assign(app, name, phones)))
  profile
    .command('unassign')
    .argument('<mac...>')
    .description('take the profile from phones')
    .action((phones: string[]) => run((app) => assign(app, null, phones)))
}

async function add(app: App, text: string): Promise<ExitCode> {
  const profile = await addProfile(await app.desk(), await app.tenant(), text, app.actor)
  app.output.result(profile, `The profile ${profile.name} is there.`)
  return 0
}

async function list(app: App): Promise<ExitCode> {
  const profiles = await listProfiles(await app.desk(), await app.tenant())
  const rows = profiles.map(({ id, name, phones }) => [String(id), name, String(phones)])
  app.output.result(profiles, formatTable([['id', 'profile', 'phones'], ...rows]))
  return 0
}

async function rename(app: App, name: string, text: string): Promise<ExitCode> {
  const profile = await renameProfile(await app.desk(), await app.tenant(), name, text, app.actor)
  app.output.result(profile, `The profile ${name} is called ${profile.name}.`)
  return 0
}

async function remove(app: App, name: string): Promise<ExitCode> {
  await removeProfile(await app.desk(), await app.tenant(), name, app.actor)
  app.output.result({ name }, `The profile ${name} is gone.`)
  return 0
}

async function assign(app: App, profile: string | null, phones: string[]): Promise<ExitCode> {
  await assignProfile(await app.desk(), await app.tenant(), { profile, phones }, app.actor)
  const text = profile === null ? 'have no profile' : `have the profile ${profile}`
  app.output.result({ profile, phones }, `${phones.join(', ')} ${text}.`)
  return 0
}
