import { encodeSuboption, type PhoneGroup, type SentOption } from './groups.ts'

/** A pool of IOS tells all of its clients the same: which phones stand in a network is for its administrator to know. */
export function writeCiscoIos(groups: readonly PhoneGroup[]): string[] {
  const alike = Map.groupBy(groups, ({ options }) => options.map(writeOption).join('\n'))
  return [
    '! IOS does not tell phones apart: take the lines of the phones in a network into its pool.',
    ...[...alike].flatMap(([lines, members]) => [
      '!',
      ...members.map(({ title }) => `! ${title}`),
      'ip dhcp pool PHONES',
      ...lines.split('\n'),
    ]),
    '!',
  ]
}

function writeOption(option: SentOption): string {
  if (option.suboption !== null) return ` option ${option.code} hex ${spellHex(encodeSuboption(option))}`
  return ` option ${option.code} ${option.isAddress ? `ip ${option.value}` : `ascii "${option.value}"`}`
}

/** In groups of four digits, as IOS shows them. */
function spellHex(digits: string): string {
  return digits.match(/.{1,4}/g)!.join('.')
}
