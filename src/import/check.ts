import { isEmergencyNumber } from '../model/extension-number.ts'
import { displayName, parsePersonName } from '../model/person-name.ts'
import type { Person, PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import { Fault } from '../model/fault.ts'
import type { Draft } from './draft.ts'

export type CheckOptions = {
  /** Internal numbers that must stay free besides the emergency numbers of everywhere and of the person's country. */
  reservedNumbers?: readonly string[] | undefined
  /** True when the tenant has this person, so that what the row does not say is known already. Absent: all are new. */
  isKnown?: ((person: Person) => boolean) | undefined
  /** New people without an extension get the next free one later. */
  allocateExtensions?: boolean | undefined
}

/** The country of people at a location (ISO 3166), as far as it is known. */
type CountryOf = (location: string | null | undefined) => string | null

/** Makes the check of one person alone: required values, reserved numbers, values that contradict each other. */
export function makeCheckPerson(options: CheckOptions, countryOf: CountryOf = () => null): (draft: Draft) => Problem[] {
  const reserved = new Set(options.reservedNumbers)
  return (draft) => {
    const isNew = options.isKnown?.(draft.person) !== true
    return [
      ...checkKey(draft),
      ...(isNew ? checkRequired(draft, options.allocateExtensions === true) : []),
      ...checkValues(draft.person, reserved, countryOf(draft.person.location)),
    ]
  }
}

function checkKey(draft: Draft): Problem[] {
  if (draft.person.user_id !== undefined) return []
  if (!isMissing(draft, 'external_id') || !isMissing(draft, 'email') || !isMissing(draft, 'extension')) return []
  const message = 'Nothing says who this is'
  return [makeProblem(draft.person, '', 'key-missing', message, 'An extension, an e-mail address or an external id')]
}

function checkRequired(draft: Draft, allocates: boolean): Problem[] {
  const { person } = draft
  const problems: Problem[] = []
  function need(field: PersonField, code: string, message: string, suggestion: string): void {
    if (isMissing(draft, field)) problems.push(makeProblem(person, field, code, message, suggestion))
  }
  // Somebody who has a user name can be called by it.
  if (isMissing(draft, 'last_name') && isMissing(draft, 'username'))
    need('first_name', 'name-missing', 'The person has no name', 'A first or last name')
  const hasMac = isPresent(person.mac)
  if (!allocates && (person.telephony === true || hasMac)) {
    const reason = hasMac ? 'There is a phone' : 'Telephony is on'
    need('extension', 'extension-missing', `${reason}, but no extension`, 'An extension')
  }
  if (hasMac) need('model', 'model-missing', `The phone ${person.mac!} has no model`, 'A model, here or as a default')
  if (person.sip_mode === 'uri')
    need('sip_uri', 'sip-uri-missing', 'SIP mode uri without a SIP URI', 'sip:device@domain')
  if (person.sip_mode === 'pbx') {
    need('pbx_domain', 'pbx-domain-missing', 'SIP mode pbx without a domain', 'A domain such as pbx.example.org')
  }
  if (person.authentication === 'email') {
    need('email', 'email-missing', 'Log-in by e-mail code, but no e-mail address', 'An e-mail address')
  }
  return problems
}

function checkValues(person: Person, reserved: ReadonlySet<string>, country: string | null): Problem[] {
  const problems: Problem[] = []
  const { extension, voicemail_pin: pin } = person
  if (isPresent(extension) && (reserved.has(extension) || isEmergencyNumber(extension, country))) {
    const message = `${quote(extension)} must stay free to be dialled outside`
    problems.push(makeProblem(person, 'extension', 'extension-reserved', message, 'Another extension'))
  }
  if (isPresent(pin) && isPresent(extension) && pin.reveal() === extension) {
    const message = 'The PIN is the extension'
    problems.push(makeProblem(person, 'voicemail_pin', 'pin-guessable', message, 'Digits that nobody can guess'))
  }
  // Each half may fit and the whole may not: phones and callers see them as one name.
  const whole = displayName(person.first_name, person.last_name)
  const fault = isPresent(person.first_name) && isPresent(person.last_name) ? parsePersonName(whole) : whole
  if (fault instanceof Fault) {
    const message = `First and last name together: ${fault.message}`
    problems.push(makeProblem(person, 'last_name', fault.code, message, fault.suggestion))
  }
  return problems
}

function isMissing({ person, faulty }: Draft, field: PersonField): boolean {
  return !isPresent(person[field]) && !faulty.has(field)
}

function isPresent<T>(value: T): value is NonNullable<T> {
  return value !== null && value !== undefined
}

function makeProblem(person: Person, field: string, code: string, message: string, suggestion?: string): Problem {
  return { row: person.row, field, code, message, suggestion }
}
