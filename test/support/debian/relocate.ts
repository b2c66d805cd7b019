import { glob, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findElfFiles } from './elf.ts'
import { inParallel, runOrThrow } from './run.ts'

const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'bin', 'sbin', 'usr/libexec']
const LIBRARY_FOLDERS = ['usr/lib', 'lib', 'usr/lib64', 'lib64']

/**
 * Makes the programs of an unpacked root start from where they lie, with the C library that lies beside them.
 * `base` is where the root will lie in the end (it is made elsewhere and renamed).
 */
export async function relocate(root: string, base: string): Promise<void> {
  const loader = await findLoader(root)
  const folders = await findLibraryFolders(root)
  const patchelf = [
    '--library-path',
    folders.map((folder) => join(root, folder)).join(':'),
    join(root, 'usr/bin/patchelf'),
  ]
  const patch = (...args: string[]): Promise<string> => runOrThrow(join(root, loader), [...patchelf, ...args])
  const searched = folders.map((folder) => join(base, folder)).join(':')
  const files = (await Promise.all([...PROGRAM_FOLDERS, ...LIBRARY_FOLDERS].map((name) => find(root, name)))).flat()
  await inParallel(files, async ({ path, startable }) => {
    const isLibrary = /\.so(\.|$)/.test(path)
    if (path.endsWith('/patchelf') || path.includes('/gconv/')) return
    // DT_RPATH of a program also serves what it loads later (dlopen(3)); DT_RUNPATH would not.
    // The C library can be started too, but must stay as it is: patchelf runs on it.
    if (startable && !isLibrary) {
      await patch('--set-interpreter', join(base, loader), '--force-rpath', '--set-rpath', searched, path)
      // A library with a path of its own does not search that of the program (ld.so(8)).
    } else if (isLibrary && (await patch('--print-rpath', path)).trim() !== '') {
      await patch('--force-rpath', '--set-rpath', searched, path)
    }
  })
}

async function find(root: string, folder: string): ReturnType<typeof findElfFiles> {
  const there = await readdir(join(root, folder)).catch(() => null)
  return there === null ? [] : findElfFiles(join(root, folder))
}

async function findLoader(root: string): Promise<string> {
  for await (const name of glob('{usr/,}lib*/{*/,}ld-linux*.so.*', { cwd: root })) return name
  throw new Error('the unpacked packages hold no dynamic loader (libc6)')
}

async function findLibraryFolders(root: string): Promise<string[]> {
  const folders = new Set<string>()
  for await (const name of glob('{usr/,}lib/*-linux-gnu/{,*/}lib*.so*', { cwd: root })) folders.add(dirname(name))
  return [...folders].sort((a, b) => a.length - b.length)
}
