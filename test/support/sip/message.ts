/** One header as it stands on the wire. */
export type Header = readonly [name: string, value: string]

/** The compact header names (RFC 3261 §7.3.3, RFC 6665 §8.4, RFC 3515) that a peer may send in place of the long ones. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
}

/** An ordered list of headers; names compare without case. */
export class Headers {
  readonly #entries: readonly Header[]

  constructor(entries: Iterable<Header> = []) {
    this.#entries = [...entries]
  }

  [Symbol.iterator](): Iterator<Header> {
    return this.#entries[Symbol.iterator]()
  }

  /** The first value of that name. */
  get(name: string): string | undefined {
    return this.all(name)[0]
  }

  /** Every value of that name, one an occurrence. */
  all(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.#entries.filter(([present]) => present.toLowerCase() === wanted).map(([, value]) => value)
  }

  /** Every element of a comma-separated header (Via, Route, Contact, …), in order. */
  list(name: string): string[] {
    return this.all(name).flatMap(splitList)
  }

  /** The first value of that name. @throws Error that names the header when it is absent. */
  need(name: string): string {
    const value = this.get(name)
    if (value === undefined) throw new Error(`SIP message without ${name}`)
    return value
  }
}

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: Headers
  readonly body: string
}

export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  readonly body: string
}

export type SipMessage = SipRequest | SipResponse

const REQUEST_LINE = /^([!%*+.`~\w'-]+) (\S+) SIP\/2\.0$/
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/
const HEADER_LINE = /^([!%*+.`~\w'-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/

/** Reads one whole message. @throws Error when the bytes are not a SIP message or the body is cut short. */
export function parseMessage(bytes: Buffer): SipMessage {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) throw new Error('not a SIP message: no empty line after the headers')
  const [startLine = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n')
  const headers = new Headers(unfold(lines).map(parseHeader))
  const rest = bytes.subarray(end + 4)
  const length = contentLength(headers) ?? rest.length
  if (length > rest.length) throw new Error(`SIP body of ${rest.length} bytes, Content-Length says ${length}`)
  const body = rest.toString('utf8', 0, length)
  const status = STATUS_LINE.exec(startLine)
  if (status) return { kind: 'response', status: Number(status[1]), reason: status[2]!, headers, body }
  const request = REQUEST_LINE.exec(startLine)
  if (request) return { kind: 'request', method: request[1]!, uri: request[2]!, headers, body }
  throw new Error(`not a SIP start line: ${JSON.stringify(startLine.slice(0, 80))}`)
}

/** Bytes for the wire; Content-Length is counted here. @throws Error on a line break inside a header or start line. */
export function serialiseMessage(message: SipMessage): Buffer {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const body = Buffer.from(message.body)
  const kept = [...message.headers].filter(([name]) => name.toLowerCase() !== 'content-length')
  const lines = [startLine, ...kept.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${body.length}`]
  for (const line of lines) if (/[\r\n]/.test(line)) throw new Error(`line break in SIP line ${JSON.stringify(line)}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

/** The declared length of the body in bytes. @throws Error when it is not a number. */
function contentLength(headers: Headers): number | undefined {
  const value = headers.get('Content-Length')
  if (value === undefined) return undefined
  if (!/^\d{1,9}$/.test(value)) throw new Error(`Content-Length is not a number: ${JSON.stringify(value)}`)
  return Number(value)
}

/** Splits at commas that stand outside quotes and angle brackets. */
export function splitList(value: string): string[] {
  const elements = value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,])+/g) ?? []
  return elements.map((element) => element.trim()).filter((element) => element !== '')
}

/** Headers may continue on a line that starts with a blank (RFC 3261 §7.3.1). */
function unfold(lines: readonly string[]): string[] {
  const unfolded: string[] = []
  for (const line of lines) {
    if (/^[ \t]/.test(line) && unfolded.length > 0) unfolded.push(`${unfolded.pop()!} ${line.trim()}`)
    else unfolded.push(line)
  }
  return unfolded
}

function parseHeader(line: string): Header {
  const match = HEADER_LINE.exec(line)
  if (!match) throw new Error(`not a SIP header: ${JSON.stringify(line.slice(0, 80))}`)
  const name = match[1]!
  return [LONG_NAMES[name.toLowerCase()] ?? name, match[2]!]
}
