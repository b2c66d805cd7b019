/** A SIP message up to its body, which no message of this exchange needs. Header names are lower case and long. */
export type SipMessage = { startLine: string; headers: ReadonlyMap<string, readonly string[]> }

/** Larger than any SUBSCRIBE of a phone, and than what a link carries in one piece. */
const LARGEST_BYTES = 4096
const MOST_HEADERS = 64

/** RFC 3261 §20 and RFC 6665 §8.2.1: the one-letter forms. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  o: 'event',
  l: 'content-length',
  c: 'content-type',
}
const HEADER = /^([\w.!%*+`'~-]+)[ \t]*:(.*)$/
/** All control characters but the tab: none of them may stand in a header, so none can come out in an answer. */
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/

/** Reads a datagram strictly; null for everything that is not a whole SIP message of moderate size. */
export function parseMessage(datagram: Buffer): SipMessage | null {
  if (datagram.length > LARGEST_BYTES) return null
  // One character a byte: whatever encoding a display name is in, it is echoed unchanged.
  const text = datagram.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end <= 0) return null
  const [startLine, ...lines] = unfold(text.slice(0, end)).split('\r\n')
  if (CONTROL.test(startLine!) || lines.length > MOST_HEADERS) return null
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [, written, rest] = HEADER.exec(line) ?? []
    if (written === undefined || CONTROL.test(rest!)) return null
    const value = rest!.trim()
    const lower = written.toLowerCase()
    const name = LONG_NAMES[lower] ?? lower
    const values = headers.get(name)
    if (values) values.push(value)
    else headers.set(name, [value])
  }
  return { startLine: startLine!, headers }
}

/** The header's value where the message has exactly one of that name. */
export function readOnly({ headers }: SipMessage, name: string): string | null {
  const values = headers.get(name)
  return values?.length === 1 ? values[0]! : null
}

/** RFC 3261 §7.3.1: a line that begins with white space goes on with the one before. */
function unfold(head: string): string {
  return head.replaceAll(/\r\n[ \t]+/g, ' ')
}
