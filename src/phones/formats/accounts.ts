import { unsafe, type Entry, type Format } from './format.ts'

// One account: `"Display name" <sip:user@host:port;uri-params>;param=value;param="value"`.
const ACCOUNT =
  /^(?:"((?:[^"\\]|\\.)*)" )?<sip:([^@<>"\s;]+)@([^@<>"\s;]+)((?:;[a-z_]+=[^;<>"\s]+)*)>((?:;[a-z0-9_]+=(?:"[^"]*"|[^;"\s]*))*)$/u
const PARAMETER = /;([a-z0-9_]+)=(?:"([^"]*)"|([^;"\s]*))/gu

/**
 * baresip's `accounts` file (module account.so, checked against baresip 1.0). A display name is a SIP quoted string
 * with backslash escapes (RFC 3261, 25.1); a quoted parameter ends at the next double quote and knows no escapes, so
 * that a password with `"` or `\` reads back differently and is refused by the comparison in render.ts.
 */
export const accountsFormat: Format = {
  escape: (value) => value.replace(/["\\]/g, '\\$&'),
  read: (text) => {
    const lines = text.split('\n')
    if (lines.pop() !== '') throw unsafe('The last line does not end with a line feed')
    return lines.filter((line) => line !== '' && !line.startsWith('#')).flatMap(readAccount)
  },
}

function readAccount(line: string, index: number): Entry[] {
  const match = ACCOUNT.exec(line)
  if (!match) throw unsafe('An account is malformed')
  const at = (name: string, value: string) => ({ key: `${index}/${name}`, value })
  const parameters = [...match[5]!.matchAll(PARAMETER)].map((one) => at(one[1]!, one[2] ?? one[3]!))
  if (new Set(parameters.map((one) => one.key)).size !== parameters.length) throw unsafe('A parameter is given twice')
  return [
    at('display', (match[1] ?? '').replace(/\\(.)/gu, '$1')),
    at('user', match[2]!),
    at('host', match[3]!),
    at('uri', match[4]!),
    ...parameters,
  ]
}
