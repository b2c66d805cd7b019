import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, runOrThrow } from './run.ts'
import { formatSource, type Source } from './sources.ts'

/**
 * Downloads groups of packages with all that they depend on, as any user, without touching the machine's own apt state.
 * Returns the paths of the `.deb` files. Throws naming what is missing: a package, the network, a program.
 */
export async function download(
  folder: string,
  sources: readonly Source[],
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  const env = { APT_CONFIG: await writeConfig(folder, sources), DEBIAN_FRONTEND: 'noninteractive' }
  const update = (): Promise<string> => runOrThrow('apt-get', ['-q', 'update'], env)
  await update()
  for (const group of groups) {
    const install = ['-q', '-y', '-d', '--no-install-recommends', 'install', ...group]
    const { status } = await run('apt-get', install, env)
    // A mirror that was synchronised between the two steps shows in missing files: the lists are read anew, once.
    if (status !== 0) {
      await update()
      await runOrThrow('apt-get', install, env)
    }
  }
  const archives = join(folder, 'cache/archives')
  return (await readdir(archives)).filter((name) => name.endsWith('.deb')).map((name) => join(archives, name))
}

async function writeConfig(folder: string, sources: readonly Source[]): Promise<string> {
  for (const name of ['state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  // An empty status file: nothing counts as installed, so the closure is complete down to the C library.
  await writeFile(join(folder, 'state/status'), '')
  await writeFile(join(folder, 'sources.list'), `${sources.map(formatSource).join('\n')}\n`)
  const config = join(folder, 'apt.conf')
  await writeFile(
    config,
    `Dir::State "${folder}/state/";
Dir::State::status "${folder}/state/status";
Dir::Cache "${folder}/cache/";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::Check-Valid-Until "false";
Acquire::AllowReleaseInfoChange "true";
`,
  )
  return config
}
