import { Fault } from '../../model/fault.ts'
import { parsePlainText } from '../../model/plain-text.ts'
import { quote } from '../../model/quote.ts'

/** Somebody outside of the company who stands in its phonebook. The name tells contacts apart. */
export type Contact = {
  name: string
  /** What is dialled first; mobile and home beside it. Digits, `*`, `#` and a leading `+`. */
  number: string
  mobile: string | null
  home: string | null
}
export const CONTACT_FIELDS = ['name', 'number', 'mobile', 'home'] as const
export type ContactField = (typeof CONTACT_FIELDS)[number]

/** What somebody typed; empty or absent: none. */
export type ContactTexts = Partial<Record<ContactField, string | null | undefined>>

/** As long as the smallest screens can scroll. */
const NAME_CODE_POINTS = 100
/** `+49 (0)30 …`: the bracketed zero is dialled only without the country code. */
const BRACKETED_ZERO = /^(\s*(?:\+|00)[\d\s]{1,5})\(0\)/
/** How people part digits, invisible marks of direction included. */
const SEPARATORS = /[\s\p{Cf}\p{Pd}./()]/gu
const DIALLED = /^\+?[0-9*#]{1,32}$/

/** Reads a contact, all faults by field. */
export function readContact(texts: ContactTexts): Contact | Map<ContactField, Fault> {
  const faults = new Map<ContactField, Fault>()
  const keep = <T>(field: ContactField, read: T | Fault): T | null => {
    if (!(read instanceof Fault)) return read
    faults.set(field, read)
    return null
  }
  const name = keep('name', parsePlainText(texts.name ?? '', { codePoints: NAME_CODE_POINTS }))
  const number = keep('number', parseDialled(texts.number ?? ''))
  const [mobile, home] = (['mobile', 'home'] as const).map((field) => {
    const text = texts[field]?.trim() ?? ''
    return text === '' ? null : keep(field, parseDialled(text))
  }) as [string | null, string | null]
  return name === null || number === null || faults.size > 0 ? faults : { name, number, mobile, home }
}

/** A number as it is dialled. It stays national where it is: what a company dials is its own matter. */
function parseDialled(text: string): string | Fault {
  const number = text.replace(BRACKETED_ZERO, '$1').replaceAll(SEPARATORS, '')
  if (DIALLED.test(number)) return number
  if (number === '') return new Fault('number-missing', 'There is no number', 'A number such as +49301234567')
  return new Fault('number-invalid', `${quote(text)} cannot be dialled`, 'A number such as +49301234567')
}

export function isSameContact(one: Contact, other: Contact): boolean {
  return CONTACT_FIELDS.every((field) => one[field] === other[field])
}
