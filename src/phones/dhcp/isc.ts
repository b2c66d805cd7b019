import { type PhoneGroup, type SentOption, spellPrefix } from './groups.ts'

/** Names that dhcp-options(5) has; other codes get one of ours. */
const NAMES: Readonly<Record<number, string>> = { 66: 'tftp-server-name', 67: 'bootfile-name' }

/** Statements for the top of dhcpd.conf. */
export function writeIsc(groups: readonly PhoneGroup[]): string[] {
  const plain = groups.flatMap(({ options }) => options.filter((one) => one.suboption === null && !(one.code in NAMES)))
  const defined = new Map(plain.map((option) => [option.code, option]))
  return [
    '',
    ...[...defined.values()].map(
      (option) =>
        `option ${nameOption(option)} code ${option.code} = ${option.isAddress ? 'array of ip-address' : 'text'};`,
    ),
    ...groups.flatMap(writeClass),
  ]
}

function nameOption({ code }: SentOption): string {
  return NAMES[code] ?? `offhook-${code}`
}

function writeClass(group: PhoneGroup): string[] {
  const { name, title, options } = group
  const inner = options.filter(({ suboption }) => suboption !== null)
  return [
    '',
    `# ${title}`,
    ...(inner.length > 0 ? [`option space ${name};`] : []),
    ...inner.map(({ suboption }) => `option ${name}.sub-${suboption!} code ${suboption!} = text;`),
    `class "${name}" {`,
    `  match if ${writeTest(group)};`,
    ...(inner.length > 0 ? [`  vendor-option-space ${name};`] : []),
    ...options.map(
      (option) => `  option ${spellName(name, option)} ${option.isAddress ? option.value : `"${option.value}"`};`,
    ),
    '}',
  ]
}

function spellName(space: string, option: SentOption): string {
  return option.suboption === null ? nameOption(option) : `${space}.sub-${option.suboption}`
}

/** The first byte of `hardware` is its type. */
function writeTest({ vendorClasses, prefixes }: PhoneGroup): string {
  return [
    ...vendorClasses.map((one) => `substring(option vendor-class-identifier, 0, ${one.length}) = "${one}"`),
    ...prefixes.map((prefix) => `substring(hardware, 1, ${prefix.length / 2}) = ${spellPrefix(prefix, ':')}`),
  ].join('\n    or ')
}
