import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { openStoreFolder } from '../../src/store/folder.ts'
import { receiveFile } from '../../src/store/receive-file.ts'

// Runs in a mount namespace of its own: a disk of one megabyte, which ends with it.
const [path] = process.argv.slice(2) as [string]
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path])
const folder = await openStoreFolder(path)

async function* produce(kilobytes: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < kilobytes; n++) {
    await Promise.resolve()
    yield Buffer.alloc(1024, n)
  }
}

const limit = { limitBytes: 1e9 }
const outcome = async (kilobytes: number) => {
  try {
    await (await receiveFile(folder, produce(kilobytes), limit)).keep()
    return 'kept'
  } catch (error) {
    return (error as { code: string }).code
  }
}
const outcomes = [await outcome(100), await outcome(2_000), await outcome(200)]
console.log(JSON.stringify({ outcomes, incoming: readdirSync(`${path}/incoming`).length }))
