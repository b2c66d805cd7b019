import { maskTokens } from '../model/device-token.ts'

const MAX_CHARACTERS = 128

/** A requested path for one log line: tokens masked, everything but visible ASCII escaped, at most 128 characters of it. */
export function printablePath(path: string): string {
  const masked = maskTokens(path)
  const cut = masked.length > MAX_CHARACTERS ? `${masked.slice(0, MAX_CHARACTERS)}...` : masked
  return cut.replaceAll(/[^!-[\]-~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
