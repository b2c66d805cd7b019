import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'

/** What every maker's phones ask for fits: no folder, no blank, nothing hidden. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$/
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * Reads the name of an uploaded file. It is a text in a row and the end of an address; on the disk files are called by
 * their digests. @throws AppError `input-invalid`
 */
export function readFileName(text: string): string {
  if (PLAIN.test(text) && !DEVICE_NAME.test(text)) return text
  throw new AppError(
    'input-invalid',
    `${quote(text)} cannot be the name of a file: letters, digits, dot, plus, hyphen and underscore, at most 120.`,
  )
}

/** `T54W-96.86.0.45.rom` of `/tmp/T54W-96.86.0.45.rom`, whichever way its slashes lean. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!
}

/** `ring` of `ring.wav`. */
export function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '')
}

/** As a version is compared: makers write `5.9.0.9373`, `V5.9.0-9373` and `11-0-1` for the same kind of thing. */
export function plainVersion(text: string): string {
  return text
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replaceAll(/[^a-z0-9]+/g, '.')
}
