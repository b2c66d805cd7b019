/** The payload number of G.711 µ-law (RFC 3551 §6), the one audio codec of these agents. */
export const PCMU = 0

/** The payload number that our own offers give to telephone events; answers repeat the offerer's. */
export const OFFERED_DIGITS_PAYLOAD = 101

/** What one side says about its audio. */
export interface AudioDescription {
  readonly host: string
  readonly port: number
  /** The payload number of telephone events (RFC 4733), when the side takes them. */
  readonly digitsPayload: number | undefined
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
}

/** An offer or answer with PCMU and, where a payload number is given, telephone events. */
export function formatSdp(audio: AudioDescription, version = 1): string {
  const { host, port, digitsPayload, direction } = audio
  const digits =
    digitsPayload === undefined
      ? []
      : [`a=rtpmap:${digitsPayload} telephone-event/8000`, `a=fmtp:${digitsPayload} 0-15`]
  return [
    'v=0',
    `o=- ${port} ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${PCMU}${digitsPayload === undefined ? '' : ` ${digitsPayload}`}`,
    `a=rtpmap:${PCMU} PCMU/8000`,
    ...digits,
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n')
}

/** Reads the audio of an SDP body. @throws Error when it has no plain RTP audio with PCMU. */
export function parseSdp(body: string): AudioDescription {
  const lines = body.split(/\r?\n/)
  const start = lines.findIndex((line) => line.startsWith('m=audio '))
  const media = /^m=audio (\d+) RTP\/AVP ([\d ]+)$/.exec(lines[start]?.trim() ?? '')
  if (!media) throw new Error(`SDP without plain RTP audio: ${JSON.stringify(lines[start] ?? '')}`)
  const next = lines.findIndex((line, index) => index > start && line.startsWith('m='))
  const session = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('m=')),
  )
  const audio = lines.slice(start, next < 0 ? undefined : next)
  const find = (pattern: RegExp): string | undefined =>
    [...audio, ...session].map((line) => pattern.exec(line)?.[1]).find((value) => value !== undefined)
  const payloads = media[2]!.trim().split(/ +/).map(Number)
  if (!payloads.includes(PCMU)) throw new Error(`SDP without PCMU: ${JSON.stringify(media[0])}`)
  const host = find(/^c=IN IP4 (\S+)/)
  if (host === undefined) throw new Error('SDP without an IPv4 connection line')
  const digits = find(/^a=rtpmap:(\d+) telephone-event\/8000/i)
  return {
    host,
    port: Number(media[1]),
    digitsPayload: digits === undefined ? undefined : Number(digits),
    direction: (find(/^a=(sendrecv|sendonly|recvonly|inactive)\s*$/) ?? 'sendrecv') as AudioDescription['direction'],
  }
}
