import { type PhoneGroup, type SentOption, spellPrefix } from './groups.ts'

/** Lines for dnsmasq.conf, or a file of its own in dnsmasq.d. */
export function writeDnsmasq(groups: readonly PhoneGroup[]): string[] {
  return groups.flatMap((group) => ['', `# ${group.title}`, ...writeMatches(group), ...writeOptions(group)])
}

function writeMatches({ name, vendorClasses, prefixes }: PhoneGroup): string[] {
  return [
    ...vendorClasses.map((vendorClass) => `dhcp-vendorclass=set:${name},"${vendorClass}"`),
    ...prefixes.map(
      (prefix) => `dhcp-mac=set:${name},${spellPrefix(prefix, ':')}${':*'.repeat(6 - prefix.length / 2)}`,
    ),
  ]
}

function writeOptions({ name, vendorClasses, options }: PhoneGroup): string[] {
  return options.flatMap((option) =>
    option.suboption === null
      ? [`dhcp-option=tag:${name},${option.code},${spell(option)}`]
      : // Within option 43 dnsmasq goes by the vendor class itself.
        vendorClasses.map((one) => `dhcp-option=vendor:${one},${option.suboption!},${spell(option)}`),
  )
}

function spell({ value, isAddress }: SentOption): string {
  return isAddress ? value : `"${value}"`
}
