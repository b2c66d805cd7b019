import { encodeSuboption, type PhoneGroup, type SentOption } from './groups.ts'

/** RouterOS 7.16 or newer, for its matchers of a part of a text: options, sets of them, and matchers of option 60. */
export function writeMikrotik(groups: readonly PhoneGroup[]): string[] {
  const matched = groups.filter(({ vendorClasses }) => vendorClasses.length > 0)
  return [
    ...groups.flatMap((group) => [
      '',
      `# ${group.title}`,
      '/ip dhcp-server option',
      ...group.options.map(
        (option) => `add name=${nameOption(group, option)} code=${option.code} value=${spell(option)}`,
      ),
      '/ip dhcp-server option sets',
      `add name=${group.name} options=${group.options.map((option) => nameOption(group, option)).join(',')}`,
    ]),
    '',
    '# RouterOS 7.16 or newer. Put your DHCP server and its pool in place of dhcp1 and pool1.',
    '/ip dhcp-server matcher',
    ...matched.flatMap(({ name, vendorClasses }) =>
      vendorClasses.map(
        (one, at) =>
          `add name=${name}-${at + 1} server=dhcp1 address-pool=pool1 code=60 value="${escape(one)}" matching-type=substring option-set=${name}`,
      ),
    ),
    ...groups
      .filter(({ vendorClasses }) => vendorClasses.length === 0)
      .map(({ name, title }) => `# ${title}: RouterOS cannot tell them apart; set option-set=${name} at their leases.`),
  ]
}

function nameOption({ name }: PhoneGroup, { code, suboption }: SentOption): string {
  return suboption === null ? `${name}-${code}` : `${name}-${code}-${suboption}`
}

/** `s'…'` is text whatever it looks like, a bare `'…'` of an address its four bytes. */
function spell(option: SentOption): string {
  if (option.suboption !== null) return `0x${encodeSuboption(option)}`
  return `"${option.isAddress ? '' : 's'}'${escape(option.value)}'"`
}

/** In double quotes a dollar begins a variable. */
function escape(text: string): string {
  return text.replaceAll(/[$"\\]/g, '\\$&')
}
