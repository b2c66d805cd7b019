import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'
import { isSecretPath, readPath, readWord } from '../phones/setting-paths.ts'
import { readInput } from './files.ts'

/** `KEY=VALUE` words; an empty value takes the key out. @throws AppError `input-invalid` */
export function readPairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new AppError('input-invalid', `${JSON.stringify(word)} must look like KEY=VALUE.`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

/**
 * `PATH=VALUE` words of phone settings, as {@link readWord} takes a value; an empty one takes the setting out.
 * @throws AppError `input-invalid`, also for a secret: everybody on the machine sees the words of a command
 */
export function readSettingPairs(words: readonly string[]): Record<string, unknown> {
  const pairs = Object.entries(readPairs(words))
  return Object.fromEntries(pairs.map(([name, text]) => [name, readSetting(name, text)]))
}

/** `PATH=FILE` words: what the files hold. An empty name of a file takes the setting out. */
export function readSecretPairs(words: readonly string[]): Record<string, Secret | null> {
  return Object.fromEntries(
    Object.entries(readPairs(words)).map(([name, file]) => [
      name,
      file === '' ? null : new Secret(readInput(file).toString('utf8').trim()),
    ]),
  )
}

function readSetting(name: string, text: string): unknown {
  if (text === '') return null
  const path = readPath(name)
  if (path && isSecretPath(path) && text !== 'null')
    throw new AppError('input-invalid', `${name} is a secret and comes from a file: --secret ${name}=FILE`)
  return path ? readWord(path, text) : text
}
