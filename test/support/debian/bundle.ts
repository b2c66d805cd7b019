import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { download } from './apt.ts'
import { BUNDLES, type BundleName } from './bundles.ts'
import { cacheFolder } from './cache-folder.ts'
import { finishRoot } from './finish-root.ts'
import { withLock } from './lock.ts'
import { readMachine, type Machine } from './machine.ts'
import { relocate } from './relocate.ts'
import type { Source } from './sources.ts'
import { nameVersion, unpack } from './unpack.ts'

/** Raised when what is made of the packages changes, so that an older cache is not taken for it. */
const RECIPE = 2

const PROGRAM_FOLDERS = ['wrappers', 'usr/bin', 'usr/sbin', 'bin', 'sbin']

export type Bundle = {
  /** The folder into which the packages are unpacked. */
  root: string
  /** Absolute path of an executable of the bundle. Throws when no package brought it. */
  program: (name: string) => string
  /** `package=version` of every package, those it depends on included. */
  packages: readonly string[]
}

/**
 * Fetches a set of Debian packages once into the cache, as any user, and makes their programs run from there.
 * Callers at the same time, in this or other processes, wait for the first. A half-made bundle never shows.
 * Throws naming what is missing: apt, dpkg-deb, the network, a package.
 */
export async function bundle(name: BundleName): Promise<Bundle> {
  const machine = await readMachine()
  const sources = chooseSources(name, machine)
  const packages = [['patchelf'], ...BUNDLES[name].packages]
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, process.arch, sources, packages]))
    .digest('hex')
  const folder = join(cacheFolder(), 'debian', `${name}-${key.slice(0, 12)}`)
  if (!existsSync(folder)) {
    await withLock(folder, async () => {
      if (!existsSync(folder)) await make(folder, sources, packages)
    })
  }
  const root = join(folder, 'root')
  return {
    root,
    program: (wanted) => findProgram(root, wanted),
    packages: JSON.parse(await readFile(join(folder, 'packages.json'), 'utf8')) as string[],
  }
}

async function make(
  folder: string,
  sources: readonly Source[],
  packages: readonly (readonly string[])[],
): Promise<void> {
  const making = `${folder}.making`
  await rm(making, { recursive: true, force: true })
  const root = join(making, 'root')
  await mkdir(root, { recursive: true })
  const archives = await download(join(making, 'apt'), sources, packages)
  await unpack(archives, root)
  await relocate(root, join(folder, 'root'))
  await finishRoot(root, join(folder, 'root'))
  await writeFile(join(making, 'packages.json'), JSON.stringify(archives.map(nameVersion).sort()))
  await rm(join(making, 'apt'), { recursive: true })
  await rename(making, folder)
}

function chooseSources(name: BundleName, machine: Machine): Source[] {
  if (machine.sources.length === 0) throw new Error('apt knows no package sources on this machine (sources.list)')
  const { suite } = BUNDLES[name]
  if (suite === 'own' || machine.id !== 'debian') return [...machine.sources]
  const main = machine.sources.find((source) => source.suite === machine.codename) ?? machine.sources[0]!
  return [{ ...main, suite, components: 'main' }]
}

function findProgram(root: string, name: string): string {
  const found = PROGRAM_FOLDERS.map((folder) => join(root, folder, name)).find(isExecutable)
  if (found === undefined) throw new Error(`no package of this bundle brought the program ${name}`)
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
