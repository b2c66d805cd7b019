import { existsSync } from 'node:fs'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const COMPILED_IN = '/usr/share/belr/grammars'
// Of the same length, because the library knows it; descriptor 9 is the folder, opened by the wrapper.
const THROUGH_DESCRIPTOR = '/proc/self/fd/9/././././'
const PROGRAMS = ['linphonec', 'linphonecsh', 'linphone-daemon']

/**
 * Linphone's parser library has the folder of its grammars compiled in and takes no other.
 * Points it to a file descriptor that a wrapper of each program opens; `base` is where the root will lie in the end.
 */
export async function moveLinphoneGrammars(root: string, base: string): Promise<void> {
  for await (const name of glob('usr/lib/*/libbelr.so.*', { cwd: root })) {
    const path = join(root, name)
    const bytes = await readFile(path)
    const at = bytes.indexOf(`${COMPILED_IN}\0`)
    if (at < 0) continue
    bytes.write(THROUGH_DESCRIPTOR, at, 'latin1')
    await writeFile(path, bytes)
  }
  await mkdir(join(root, 'wrappers'), { recursive: true })
  for (const program of PROGRAMS.filter((name) => existsSync(join(root, 'usr/bin', name)))) {
    const script = `#!/bin/sh\nexec 9<'${join(base, COMPILED_IN)}'\nexec '${join(base, 'usr/bin', program)}' "$@"\n`
    await writeFile(join(root, 'wrappers', program), script, { mode: 0o755 })
  }
}
