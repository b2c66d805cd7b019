import { encodeSuboption, type PhoneGroup, type SentOption } from './groups.ts'

/** Options of Windows Server's own list; others are defined first. */
const KNOWN_CODES = [43, 66, 67]

/** PowerShell for the module DhcpServer: policies of the whole server by vendor class or MAC address. */
export function writeWindows(groups: readonly PhoneGroup[]): string[] {
  const unknown = groups.flatMap(({ options }) => options.filter(({ code }) => !KNOWN_CODES.includes(code)))
  const defined = new Map(unknown.map((option) => [option.code, option]))
  return [
    '',
    ...[...defined.values()].map(
      ({ code, isAddress }) =>
        `Add-DhcpServerv4OptionDefinition -OptionId ${code} -Name 'Offhook ${code}' -Type ${isAddress ? 'IPv4Address -MultiValued' : 'String'}`,
    ),
    ...groups.flatMap(writePolicy),
  ]
}

function writePolicy(group: PhoneGroup): string[] {
  const { name, title, vendorClasses, prefixes, options } = group
  const classes = vendorClasses.map((one, at) => ({ className: `${name}-${at + 1}`, one }))
  const values = [
    ...classes.map(({ className }) => quote(`${className}*`)),
    ...prefixes.map((prefix) => quote(`${prefix.toUpperCase()}*`)),
  ]
  const condition = classes.length > 0 ? 'VendorClass' : 'MacAddress'
  return [
    '',
    `# ${title}`,
    ...classes.map(
      ({ className, one }) => `Add-DhcpServerv4Class -Type Vendor -Name ${quote(className)} -Data ${quote(one)}`,
    ),
    `Add-DhcpServerv4Policy -Name ${quote(name)} -Condition OR -${condition} EQ,${values.join(',')}`,
    ...options.map((option) => {
      const place = `Set-DhcpServerv4OptionValue -PolicyName ${quote(name)} -OptionId ${option.code}`
      return `${place} -Value ${spell(option)}`
    }),
  ]
}

function spell(option: SentOption): string {
  if (option.suboption === null) return quote(option.value)
  const bytes = encodeSuboption(option).match(/../g)!
  return bytes.map((byte) => `0x${byte}`).join(',')
}

/** Between single quotes nothing is expanded. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
