import type { PhoneGroup, SentOption } from './groups.ts'

/** Options that Kea defines itself (dhcp4-srv, "Standard DHCPv4 Options"); others have to be. */
const KNOWN_CODES = [66, 67, 114]

/** The members `option-def` and `client-classes` of Kea's `Dhcp4`, as one JSON document. */
export function writeKea(groups: readonly PhoneGroup[]): string[] {
  const options = groups.flatMap((group) => group.options)
  const plain = options.filter(({ code, suboption }) => suboption === null && !KNOWN_CODES.includes(code))
  const defined = new Map(plain.map((option) => [option.code, defineOption(option)]))
  const inner = groups.flatMap((group) => group.options.filter(isInner).map((option) => defineInner(group, option)))
  const document = {
    Dhcp4: { 'option-def': [...defined.values(), ...inner], 'client-classes': groups.map(writeClass) },
  }
  return JSON.stringify(document, null, 2).split('\n')
}

function isInner({ suboption }: SentOption): boolean {
  return suboption !== null
}

function defineOption({ code, isAddress }: SentOption) {
  return {
    name: `offhook-${code}`,
    code,
    space: 'dhcp4',
    type: isAddress ? 'ipv4-address' : 'string',
    array: isAddress,
  }
}

function defineInner({ name }: PhoneGroup, { suboption }: SentOption) {
  return { name: `${name}-${suboption!}`, code: suboption, space: name, type: 'string' }
}

function writeClass(group: PhoneGroup) {
  const { name, options } = group
  const hasInner = options.some(isInner)
  const carrier = { name: 'vendor-encapsulated-options', code: 43 }
  return {
    name,
    test: writeTest(group),
    ...(hasInner && { 'option-def': [{ ...carrier, type: 'empty', encapsulate: name }] }),
    'option-data': [
      ...(hasInner ? [carrier] : []),
      ...options.map(({ code, suboption, value }) =>
        suboption === null
          ? { code, data: escapeComma(value) }
          : { name: `${name}-${suboption}`, space: name, data: escapeComma(value) },
      ),
    ],
  }
}

function writeTest({ vendorClasses, prefixes }: PhoneGroup): string {
  return [
    ...vendorClasses.map((one) => `substring(option[60].hex,0,${one.length}) == '${one}'`),
    ...prefixes.map((prefix) => `substring(pkt4.mac,0,${prefix.length / 2}) == 0x${prefix}`),
  ].join(' or ')
}

/** A comma ends a value. */
function escapeComma(value: string): string {
  return value.replaceAll(',', '\\,')
}
