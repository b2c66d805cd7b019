import { getCountryCallingCode, isSupportedCountry, type CountryCode } from 'libphonenumber-js'
import { Fault } from './fault.ts'
import { isCallingCode } from './number.ts'
import { formatRanges, parseNumberRanges } from './number-range.ts'
import { quote } from './quote.ts'
import { parseYesNo } from './yes-no.ts'

/**
 * What decides how people are made and is no field of theirs. Tenants and locations hold rules as texts beside the
 * defaults of fields, and an import may state its own.
 */
const PARSERS = {
  /** ISO 3166 alpha-2; completes national numbers and says which numbers are reserved. */
  country: parseCountry,
  /** Completes national numbers where no country is known. */
  calling_code: parseCallingCode,
  /** What a user name is made of where no cell says it. */
  username_rule: makeWords('email', 'extension', 'column'),
  /** User names start with the tenant's slug and a hyphen. */
  username_prefix: parseYesNo,
  /** Where new people without an extension get theirs from. */
  extension_range: parseNumberRanges,
  /** Internal numbers that nobody gets. */
  reserved_numbers: parseNumberRanges,
  /** How a new person first logs in. */
  password_rule: makeWords('invitation', 'temporary'),
  /** Characters of a generated password. */
  password_length: makeCount(8, 64),
  password_digits_only: parseYesNo,
  /** A person's public number is what called people see. */
  caller_id_is_did: parseYesNo,
  /** No: a public number must be at the tenant before somebody gets it. */
  create_dids: parseYesNo,
  /** Default call script: ring so long, … */
  ring_seconds: makeCount(5, 300),
  /** … then go on so. */
  no_answer: makeWords('voicemail', 'hangup'),
  /** More phones than this on one person are worth a warning. */
  device_limit: makeCount(1, 100),
  /** What new people are sent. */
  mail: makeWords('none', 'invitation', 'welcome'),
  /** No: phones are not made from MAC addresses. */
  provisioning: parseYesNo,
  /** Second factor of who, and whose role, leave it to the tenant. */
  default_authentication: makeWords('disabled', 'email', 'app'),
} as const satisfies Record<string, (text: string) => unknown>

export type RuleName = keyof typeof PARSERS

export const RULE_NAMES = Object.keys(PARSERS) as readonly RuleName[]

/** Every rule, read. Null where there is nothing to say: no country, no range, no limit. */
export type Rules = { readonly [R in RuleName]: Exclude<ReturnType<(typeof PARSERS)[R]>, Fault> | Nothing<R> }

type Nothing<R extends RuleName> = R extends 'country' | 'calling_code' | 'device_limit' ? null : never

/** Rules as they are stored and stated. `-` goes back to the system's. */
export type RuleTexts = Readonly<Partial<Record<RuleName, string>>>

/** Where a rule or default comes from; `set` is stated for one import and holds for people who exist, too. */
export type LayerName = 'set' | 'import' | 'location' | 'tenant' | 'system'

/** The rules in effect for people of one place, and where each comes from. */
export type RulesInEffect = Rules & { readonly origins: Readonly<Record<RuleName, LayerName>> }

export const SYSTEM_RULES: Rules = {
  country: null,
  calling_code: null,
  username_rule: 'email',
  username_prefix: false,
  extension_range: [],
  reserved_numbers: [],
  password_rule: 'invitation',
  password_length: 16,
  password_digits_only: false,
  caller_id_is_did: false,
  create_dids: true,
  ring_seconds: 20,
  no_answer: 'voicemail',
  device_limit: null,
  mail: 'invitation',
  provisioning: true,
  default_authentication: 'disabled',
}

export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(PARSERS, name)
}

/**
 * Reads a rule. Faults: `country-unknown`, `calling-code-invalid`, `range-invalid`, `yes-no-invalid`, `rule-invalid`.
 */
export function parseRule<R extends RuleName>(name: R, text: string): Rules[R] | Fault {
  if (text.trim() === '-') return SYSTEM_RULES[name]
  return (PARSERS[name] as (text: string) => Rules[R] | Fault)(text.trim())
}

/** The country calling code that completes national numbers; a stated one wins over that of the country. */
export function callingCodeOf({ calling_code, country }: Rules): string | undefined {
  return calling_code ?? (country === null ? undefined : getCountryCallingCode(country))
}

function parseCountry(text: string): CountryCode | Fault {
  const code = text.toUpperCase()
  if (isSupportedCountry(code)) return code
  return new Fault('country-unknown', `${quote(text)} is not a country`, 'Two letters such as DE, FR or US')
}

function parseCallingCode(text: string): string | Fault {
  if (isCallingCode(text)) return text
  return new Fault('calling-code-invalid', `${quote(text)} is not a country calling code`, 'Digits such as 49')
}

function makeWords<const W extends string>(...words: W[]): (text: string) => W | Fault {
  return (text) =>
    words.find((word) => word === text.toLowerCase()) ??
    new Fault('rule-invalid', `${quote(text)} is none of the choices`, `One of ${words.join(', ')}`)
}

function makeCount(least: number, most: number): (text: string) => number | Fault {
  return (text) => {
    const count = /^\d{1,4}$/.test(text) ? Number(text) : NaN
    if (count >= least && count <= most) return count
    return new Fault('rule-invalid', `${quote(text)} does not fit`, `A whole number from ${least} to ${most}`)
  }
}

/** A rule as it is written; empty where there is nothing to say. */
export function ruleToText(value: Rules[RuleName]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return value === null ? '' : formatRanges(value)
  return String(value)
}
