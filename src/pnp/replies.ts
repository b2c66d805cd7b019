import type { Subscribe } from './subscribe.ts'

/** An end of the exchange. */
export type Endpoint = { address: string; port: number }
/** What ties the 200 and the NOTIFY to one dialog and one transaction. */
export type Marks = { tag: string; branch: string }

/** Where answers to a request go: always to the address that it came from (RFC 3261 §18.2.2, RFC 3581 §4). */
export function findReturn({ via }: Subscribe, source: Endpoint): Endpoint {
  return via.hasRport ? source : { address: source.address, port: via.port }
}

/** The Contact is only believed as to the port: a packet sent to whatever host it names could hit anybody. */
export function findTarget(subscribe: Subscribe, source: Endpoint): Endpoint {
  const { contact } = subscribe
  return contact?.host === source.address
    ? { address: source.address, port: contact.port }
    : findReturn(subscribe, source)
}

/** The 200 that takes the subscription. */
export function writeOk(subscribe: Subscribe, marks: Marks, source: Endpoint, own: Endpoint): Buffer {
  const { via, from, to, callId, cseq, expires } = subscribe
  return write([
    'SIP/2.0 200 OK',
    `Via: ${via.hasRport ? answerRport(via.text, source) : via.text}`,
    `From: ${from}`,
    `To: ${to};tag=${marks.tag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq}`,
    `Contact: <sip:${own.address}:${own.port}>`,
    `Expires: ${expires}`,
  ])
}

/** The NOTIFY that tells the phone where its files are, once and for all (RFC 6080 §5.3, RFC 6665 §4.4.1). */
export function writeNotify(
  subscribe: Subscribe,
  marks: Marks,
  own: Endpoint,
  target: Endpoint,
  address: string,
): Buffer {
  const { from, to, callId, event, contact } = subscribe
  return write(
    [
      `NOTIFY ${contact?.uri ?? `sip:${target.address}:${target.port}`} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own.address}:${own.port};branch=${marks.branch};rport`,
      'Max-Forwards: 20',
      `From: ${to};tag=${marks.tag}`,
      `To: ${from}`,
      `Call-ID: ${callId}`,
      'CSeq: 1 NOTIFY',
      `Contact: <sip:${own.address}:${own.port}>`,
      `Event: ${event}`,
      'Subscription-State: terminated;reason=timeout',
      'Content-Type: application/url',
    ],
    address,
  )
}

function answerRport(via: string, { address, port }: Endpoint): string {
  return via.replace(/; *rport *(?=;|$)/i, `;rport=${port};received=${address}`)
}

function write(lines: readonly string[], body = ''): Buffer {
  const head = [...lines, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`].join('\r\n')
  return Buffer.from(`${head}\r\n\r\n${body}`, 'latin1')
}
