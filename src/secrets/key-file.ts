import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Secret } from '../model/secret.ts'

/** Reads the key of an installation, making one the first time. Two processes that come at once get the same key. */
export function readOrCreateKey(path: string): Secret {
  try {
    return new Secret(readFileSync(path, 'utf8').trim())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  try {
    linkSync(fresh, path) // atomic, and fails if another process was first
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(fresh)
  }
  return new Secret(readFileSync(path, 'utf8').trim())
}
