import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { openStoreFolder, type StoreFolder } from '../../src/store/folder.ts'
import { receiveFile } from '../../src/store/receive-file.ts'

// Runs in a mount namespace of its own: a disk of one megabyte. It is taken away at the end, for in a changed root, whose
// mounts cannot be made private, others may see it.
const [path] = process.argv.slice(2) as [string]
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path])
async function* produce(kilobytes: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < kilobytes; n++) {
    await Promise.resolve()
    yield Buffer.alloc(1024, n)
  }
}

async function keep(folder: StoreFolder, kilobytes: number): Promise<string> {
  try {
    await (await receiveFile(folder, produce(kilobytes), { limitBytes: 1e9 })).keep()
    return 'kept'
  } catch (error) {
    return (error as { code: string }).code
  }
}

try {
  const folder = await openStoreFolder(path)
  const outcomes = [await keep(folder, 100), await keep(folder, 2_000), await keep(folder, 200)]
  console.log(JSON.stringify({ outcomes, incoming: readdirSync(`${path}/incoming`).length }))
} finally {
  execFileSync('umount', [path])
}
