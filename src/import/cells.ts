import { parseEmail } from '../model/email.ts'
import { parseExtensionNumber } from '../model/extension-number.ts'
import { Fault } from '../model/fault.ts'
import { parseHost } from '../model/host.ts'
import { parseLanguage } from '../model/language.ts'
import { parseMac, type Mac } from '../model/mac.ts'
import { parseCallerNumber, parseNumber } from '../model/number.ts'
import { parsePassword } from '../model/password.ts'
import { parsePersonName } from '../model/person-name.ts'
import type { Person, PersonField } from '../model/person.ts'
import { parsePin } from '../model/pin.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { isScientificNotation } from '../model/scientific-notation.ts'
import { parseSipUri } from '../model/sip-uri.ts'
import { parseTimeZone } from '../model/time-zone.ts'
import { parseUsername } from '../model/username.ts'
import { parseYesNo } from '../model/yes-no.ts'
import { type Choosable, makeChoice, parseAuthentication, parseSipMode } from './choices.ts'

/** Names that exist at the tenant. An absent list checks nothing. */
export type KnownNames = {
  locations?: readonly string[] | undefined
  models?: readonly Choosable[] | undefined
  roles?: readonly string[] | undefined
}

/** Reads a cell of a field: undefined for an empty one, null for `-`, else the noun or why it is none. */
export type ParseCell = <F extends PersonField>(field: F, text: string, callingCode?: string) => Person[F] | Fault

type Parsers = { [F in PersonField]: (text: string, callingCode?: string) => NonNullable<Person[F]> | Fault }

/** Nothing that a person has is longer; it bounds the work of every pattern below. */
const MAX_CHARACTERS = 2000
const MAX_LINE = 99
const MAX_LIST = 50
/** What spreadsheet programs show for a formula that fails (ECMA-376 part 1, 18.17.3). */
const FORMULA_ERROR = /^#(?:DIV\/0!|N\/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!)$/
const DEVICE = /^[a-z0-9][a-z0-9._-]{0,63}$/i

/** Makes the reader of cells for what is known at the tenant. Faults never quote a PIN or password. */
export function makeParseCell(known: KnownNames = {}): ParseCell {
  const parsers: Parsers = {
    ...PARSERS,
    location: makeChoice('location', known.locations),
    model: makeChoice('model', known.models),
    role: makeChoice('role', known.roles),
  }
  return (field, text, callingCode) => {
    const trimmed = text.trim()
    if (trimmed === '') return undefined
    if (trimmed === '-') return null
    if (trimmed.length > MAX_CHARACTERS) {
      return new Fault('text-too-long', `The cell has ${trimmed.length} characters`, `At most ${MAX_CHARACTERS}`)
    }
    if (trimmed.startsWith('#') && FORMULA_ERROR.test(trimmed)) {
      return new Fault('formula-error', `${trimmed} is what a formula that fails shows`, 'The value itself as text')
    }
    return parsers[field](trimmed, callingCode)
  }
}

const PARSERS = {
  external_id: parseExternalId,
  extension: (text: string) => parseExtensionNumber(text),
  first_name: (text: string) => parsePersonName(text),
  last_name: (text: string) => parsePersonName(text),
  email: parseEmail,
  username: parseUsername,
  caller_id: parseCallerNumber,
  did: parseNumber,
  mac: parseMacCell,
  line: parseLine,
  voicemail_pin: parsePin,
  voicemail_email: parseEmail,
  pager: parseEmail,
  transcription: parseYesNo,
  telephony: parseYesNo,
  fax: parseYesNo,
  sip_mode: parseSipMode,
  pbx_domain: parseHost,
  pbx_device: parseDevice,
  sip_uri: parseSipUri,
  authentication: parseAuthentication,
  password: parsePassword,
  groups: parseList,
  desk: (text: string) => parsePlainText(text, { codePoints: 64 }),
  tags: parseList,
  language: parseLanguage,
  timezone: parseTimeZone,
  suspended: parseYesNo,
} satisfies Omit<Parsers, 'location' | 'model' | 'role'>

function parseExternalId(text: string): string | Fault {
  if (!isScientificNotation(text)) return parsePlainText(text, { codePoints: 255 })
  const message = `${quote(text)} is an id that the spreadsheet program took for a number and rounded`
  return new Fault('external-id-damaged', message, 'Format the column as text and enter the id again')
}

function parseMacCell(text: string): Mac | Fault {
  const mac = parseMac(text)
  if (mac !== null) return mac
  if (isScientificNotation(text)) {
    return new Fault(
      'mac-damaged',
      `${quote(text)} is a MAC address that the spreadsheet program took for a number and rounded`,
      'Format the column as text and enter the address from the label of the phone again',
    )
  }
  const wanted = '12 hexadecimal digits, such as 00:15:65:ab:cd:ef'
  const digits = text
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
  if (/^[1-9]\d{8,10}$/.test(digits)) {
    const rebuilt = parseMac(digits.padStart(12, '0')) ?? undefined
    const message = `${quote(text)} has lost its leading zeros in a spreadsheet program`
    return new Fault('mac-damaged', message, rebuilt ?? wanted, rebuilt)
  }
  const respelt = parseMac(digits) ?? undefined
  return new Fault('mac-invalid', `${quote(text)} is not the MAC address of one phone`, respelt ?? wanted, respelt)
}

function parseLine(text: string): number | Fault {
  const line = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (line > 0) return line
  const [, repair] = /^(?:line|konto|account)?\s*0*([1-9]\d?)(?:[.,]0+)?$/i.exec(text) ?? []
  const suggestion = repair ?? `A whole number from 1 to ${MAX_LINE}`
  return new Fault('line-invalid', `${quote(text)} is not an account slot`, suggestion, repair)
}

function parseDevice(text: string): string | Fault {
  if (DEVICE.test(text)) return text
  const bare = text.replaceAll(/\s+/gu, '')
  const repair = DEVICE.test(bare) ? bare : undefined
  const suggestion = repair ?? 'Letters, digits and . _ -'
  return new Fault('pbx-device-invalid', `${quote(text)} is not a device of a PBX`, suggestion, repair)
}

function parseList(text: string): readonly string[] | Fault {
  const items = new Set<string>()
  for (const part of text.split(/[,;|]/).filter((piece) => piece.trim() !== '')) {
    const item = parsePlainText(part, { codePoints: 64 })
    if (item instanceof Fault) return item
    items.add(item)
  }
  if (items.size > 0 && items.size <= MAX_LIST) return [...items]
  const suggestion = `1 to ${MAX_LIST} names with commas between them`
  return new Fault('list-invalid', `${quote(text)} holds ${items.size} names`, suggestion)
}
