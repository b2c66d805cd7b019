/** How each maker's phones ask, put together from their manuals: what differs is what the server has to bear. */
export type Question = { name: string; text: string; mac: string; claim: object }

const GROUP = '224.0.1.75'

/** Lines to a SIP message without a body. */
export function toMessage(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

type Parts = { user: string; from?: string; event: string; extra?: readonly string[]; via?: string; contact?: string }

export function writeQuestion({ user, from, event, extra = [], via, contact }: Parts): string {
  return toMessage([
    `SUBSCRIBE sip:${user}@${GROUP} SIP/2.0`,
    `Via: ${via ?? 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1d6e4a;rport'}`,
    `From: ${from ?? `<sip:${user}@${GROUP}>`};tag=1620015`,
    `To: <sip:${user}@${GROUP}>`,
    'Call-ID: 3c26700c1adb-z04yvemrzgaf@127.0.0.1',
    'CSeq: 1 SUBSCRIBE',
    `Contact: ${contact ?? `<sip:${user}@127.0.0.1:5060>`}`,
    `Event: ${event}`,
    ...extra,
    'Content-Length: 0',
  ])
}

export const QUESTIONS: readonly Question[] = [
  {
    name: 'Yealink',
    mac: '001565abcdef',
    claim: { vendor: 'Yealink', model: 'T46U', version: '108.86.0.20' },
    text: writeQuestion({
      user: 'MAC%3a001565abcdef',
      event: 'ua-profile;profile-type="device";vendor="Yealink";model="T46U";version="108.86.0.20"',
      extra: ['Max-Forwards: 70', 'User-Agent: Yealink SIP-T46U 108.86.0.20', 'Expires: 0'],
    }),
  },
  {
    name: 'Snom',
    mac: '000413922d24',
    claim: { vendor: 'OEM', model: 'OEM', version: '10.1.33.33' },
    text: writeQuestion({
      user: 'MAC%3A000413922D24',
      event: 'ua-profile;profile-type="device";vendor="OEM";model="OEM";version="10.1.33.33"',
      extra: ['Max-Forwards: 70', 'Accept: application/url', 'Expires: 0'],
      contact: '<sip:MAC%3A000413922D24@127.0.0.1:5060>;reg-id=1',
    }),
  },
  {
    name: 'Grandstream',
    mac: 'c074ad112233',
    claim: { vendor: 'Grandstream', model: 'GRP2614', version: '1.0.11.6' },
    text: writeQuestion({
      user: 'MAC%3AC074AD112233',
      event: 'ua-profile;profile-type="device";vendor="Grandstream";model="GRP2614";version="1.0.11.6"',
      extra: ['Supported: replaces, path', 'Allow: INVITE, ACK, NOTIFY', 'Expires: 60'],
    }),
  },
  {
    name: 'Htek',
    mac: '001fc1aabbcc',
    claim: { vendor: 'Htek', model: 'UC926', version: '2.42.6' },
    text: writeQuestion({
      user: 'MAC%3a001fc1aabbcc',
      from: '"UC926" <sip:MAC%3a001fc1aabbcc@224.0.1.75>',
      event: 'ua-profile;profile-type="device";vendor="Htek";model="UC926";version="2.42.6"',
      via: 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK778',
    }),
  },
  {
    name: 'Fanvil',
    mac: '0c383e07e16c',
    claim: { vendor: 'Fanvil', model: 'VOIP PHONE', version: '2.12.16.17' },
    text: writeQuestion({
      user: 'MAC%3a0c383e07e16c',
      event: 'ua-profile; profile-type="device"; vendor="Fanvil"; model="VOIP PHONE"; version="2.12.16.17"',
    }),
  },
]
