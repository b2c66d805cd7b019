import { AppError } from '../model/app-error.ts'
import { parseEmail } from '../model/email.ts'
import { Fault } from '../model/fault.ts'
import { parsePlainText } from '../model/plain-text.ts'

/** Whom our mails come from. */
export type Sender = { name: string; address: string; domain: string }

/**
 * Reads `pbx@example.org` or `Offhook <pbx@example.org>`.
 * @throws AppError `config-invalid`
 */
export function parseSender(text: string): Sender {
  const [, name = '', inside] = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? []
  const address = parseEmail(inside ?? text)
  const shown = name === '' ? '' : parsePlainText(name, { codePoints: 78 })
  if (address instanceof Fault || shown instanceof Fault)
    throw new AppError('config-invalid', 'The sender must look like Offhook <pbx@example.org>')
  return { name: shown, address, domain: address.slice(address.lastIndexOf('@') + 1) }
}
