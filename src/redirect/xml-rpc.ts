import { AppError } from '../model/app-error.ts'

export type XmlRpcValue = string | number | boolean | null | XmlRpcValue[] | { [name: string]: XmlRpcValue }
/** What our calls are made of. */
export type XmlRpcArgument = string | readonly string[]

/** Every character but these can stand in XML 1.0 (section 2.2). */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/**
 * A call of the XML-RPC specification with texts and lists of texts.
 * @throws AppError `value-unsafe` for text with characters that XML cannot hold
 */
export function encodeCall(method: string, parameters: readonly XmlRpcArgument[]): string {
  const params = parameters.map((one) => `<param>${encodeValue(one)}</param>`).join('')
  const name = escapeText(method)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<methodCall><methodName>${name}</methodName><params>${params}</params></methodCall>`
}

function encodeValue(value: XmlRpcArgument): string {
  if (typeof value === 'string') return `<value><string>${escapeText(value)}</string></value>`
  return `<value><array><data>${value.map(encodeValue).join('')}</data></array></value>`
}

function escapeText(text: string): string {
  if (UNWRITABLE.test(text)) throw new AppError('value-unsafe', 'A text holds characters that XML cannot.')
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // A reader makes a line feed of it (XML 1.0, section 2.11).
      .replaceAll('\r', '&#13;')
  )
}
