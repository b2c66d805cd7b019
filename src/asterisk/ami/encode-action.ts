import { AppError } from '../../model/app-error.ts'

/** Headers in the order in which they go out; a name may repeat (`Variable`). */
export type AmiHeaders = readonly (readonly [name: string, value: string])[]

/** manager.c reads lines into a buffer of 1,025 bytes and drops the session's message when one does not fit. */
const MAX_LINE_BYTES = 1000

/** manager.h: AST_MAX_MANHEADERS is 128; what exceeds it is ignored silently. */
const MAX_HEADERS = 120

/**
 * Control characters end a line for Asterisk: manager.c takes a bare `\n` as well as `\r\n`, so either would start a
 * header or an action of its own. Lone surrogates are refused because they would reach the wire as another character.
 */
export function isUnsafe(text: string): boolean {
  return /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()
}

/**
 * The bytes of one action as text: `Action`, `ActionID`, then the headers in the given order, CRLF after each, and an
 * empty line. The result holds exactly `headers.length + 3` line ends, whatever the values are.
 * @throws AppError `ami-value-unsafe`; values are refused, never stripped or shown.
 */
export function encodeAction(action: string, actionId: string, headers: AmiHeaders): string {
  if (headers.length > MAX_HEADERS) {
    throw new AppError('ami-value-unsafe', `An AMI action takes at most ${MAX_HEADERS} headers`)
  }
  return [encodeHeader('Action', action), encodeHeader('ActionID', actionId)]
    .concat(headers.map(([name, value]) => encodeHeader(name, value)))
    .concat('\r\n')
    .join('')
}

function encodeHeader(name: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) {
    throw new AppError('ami-value-unsafe', 'An AMI header name holds a character that is not a letter, digit or hyphen')
  }
  if (isUnsafe(value)) {
    throw new AppError('ami-value-unsafe', `The AMI header ${name} holds a control character`)
  }
  const line = `${name}: ${value}\r\n`
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) {
    throw new AppError('ami-value-unsafe', `The AMI header ${name} is longer than Asterisk accepts`)
  }
  return line
}
