import { basename } from 'node:path'
import { inParallel, runOrThrow } from './run.ts'

/** Unpacks `.deb` files side by side into one folder. Maintainer scripts do not run. */
export async function unpack(archives: readonly string[], root: string): Promise<void> {
  await inParallel(archives, async (archive) => {
    await runOrThrow('dpkg-deb', ['--extract', archive, root])
  })
}

/** `asterisk_1%3a22.10.1-1_amd64.deb` is `asterisk=1:22.10.1-1`. */
export function nameVersion(archive: string): string {
  const [name, version] = decodeURIComponent(basename(archive)).split('_')
  return `${name ?? ''}=${version ?? ''}`
}
