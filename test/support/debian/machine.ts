import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow } from './run.ts'
import { parseSources, type Source } from './sources.ts'

export type Machine = {
  /** `ID` of os-release, e.g. `debian`. */
  id: string
  /** Code name of the release, e.g. `bookworm`. */
  codename: string
  /** Where the distribution's own packages come from, as the machine's apt is configured. */
  sources: readonly Source[]
}

/** Reads what this machine is and where it gets its packages. Throws when it has no apt. */
export async function readMachine(): Promise<Machine> {
  const release = parseAssignments(await readFile('/etc/os-release', 'utf8'))
  const codename = release.get('VERSION_CODENAME') ?? release.get('DEBIAN_CODENAME') ?? 'unstable'
  const all = await readSources()
  const sources = all.filter((source) => source.suite === codename || source.suite.startsWith(`${codename}-`))
  return { id: release.get('ID') ?? 'unknown', codename, sources: sources.length > 0 ? sources : all }
}

async function readSources(): Promise<Source[]> {
  const folders = await runOrThrow('apt-config', [
    'shell',
    ...['LIST', 'Dir::Etc::sourcelist/f', 'PARTS', 'Dir::Etc::sourceparts/d'],
  ]).catch((cause: unknown) => {
    throw new Error('Debian packages are needed, and this machine has no apt (apt-config is missing)', { cause })
  })
  const paths = parseAssignments(folders.replaceAll("'", ''))
  const parts = paths.get('PARTS') ?? '/etc/apt/sources.list.d/'
  const names = (await readdir(parts).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name)).sort()
  const files = [paths.get('LIST') ?? '/etc/apt/sources.list', ...names.map((name) => join(parts, name))]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text, index) => parseSources(text, files[index]!.endsWith('.sources')))
}

function parseAssignments(text: string): Map<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const match = /^(\w+)="?([^"]*)"?$/.exec(line.trim())
    return match ? [[match[1]!, match[2]!] as const] : []
  })
  return new Map(pairs)
}
