import { PERSON_FIELDS, type PersonField } from '../model/person.ts'

/** One line for whoever fills the column: what it is, how it is written, one value. */
export type FieldGuide = { field: PersonField; meaning: string; form: string; example: string }

const GUIDE: Readonly<Record<PersonField, readonly [meaning: string, form: string, example: string]>> = {
  external_id: ['Id of the person in another system; recognises them again', 'Up to 255 characters', 'P-1001'],
  extension: ['Internal number', '2 to 10 digits; empty: the next free one, if a range is set', '1001'],
  first_name: ['First name', 'First and last name together up to 64 characters', 'Anna'],
  last_name: ['Last name', 'First and last name together up to 64 characters', 'Berg'],
  email: ['E-mail address; recognises the person again', 'name@domain', 'anna.berg@example.org'],
  username: ['Name to log in with', 'Two or more of a-z, 0-9 and . _ @ + -', 'anna.berg@example.org'],
  role: ['What the person may do', 'Name of a role', 'user'],
  location: ['Where the person works', 'Name of a location', 'Berlin'],
  caller_id: ['Number that called people see', 'With + and country code, or 2 to 15 digits', '+49301234501'],
  did: [
    'Public number that rings at the person',
    'With + and country code, or national with a country set',
    '+49301234501',
  ],
  mac: ['MAC address of the phone', '12 hexadecimal digits, with or without : or -', '00:15:65:12:34:56'],
  model: ['Model of the phone', 'Name of a model', 'T46U'],
  line: ['Account slot on the phone', '1 to 99; empty: 1', '1'],
  voicemail_pin: ['PIN of the voicemail box', '4 to 12 digits without a pattern; empty: a random one', '8352'],
  voicemail_email: ['Where voicemail is sent', 'name@domain', 'anna.berg@example.org'],
  pager: ['Where a short notice of voicemail is sent', 'name@domain', 'anna.pager@example.org'],
  transcription: ['Voicemail also as text: kept, but nothing makes text of it yet', 'yes or no', 'no'],
  telephony: ['May telephone', 'yes or no', 'yes'],
  fax: ['May send and receive fax', 'yes or no', 'no'],
  sip_mode: ['How the person telephones', 'builtin, webrtc, pbx or uri', 'builtin'],
  pbx_domain: ['For sip_mode pbx: the other PBX', 'Name or address, with a port if needed', 'pbx.example.org'],
  pbx_device: ['For sip_mode pbx: the device there', 'Letters, digits and . _ -', 'desk7'],
  sip_uri: ['For sip_mode uri: what the extension dials', 'sip:device@domain', 'sip:desk7@pbx.example.org'],
  authentication: [
    'Second factor at log-in: kept, and asked for by no log-in yet',
    'default, disabled, email or app',
    'default',
  ],
  password: ['First password; better left empty', '8 to 128 characters', 'correct horse battery'],
  groups: ['Skill groups that the person answers for', 'Names with commas between them', 'Sales, Support'],
  desk: ['Desk or room', 'Up to 64 characters', 'A-12'],
  tags: ['Words to find people by', 'Names with commas between them', 'Team A'],
  language: ['Language of phone and voicemail', 'Language tag such as de or de-CH', 'de'],
  timezone: ['Time zone of phone and voicemail', 'Region and city', 'Europe/Berlin'],
  suspended: ['Switched off, with everything kept', 'yes or no', 'no'],
}

/** What holds for every column. */
export const GENERAL_RULES: readonly string[] = [
  'An absent column changes nothing, an empty cell keeps what is there, and - clears it.',
  'Columns may stand in any order; those that are not needed can be deleted.',
  'The two people in the first sheet are examples: write over them.',
]

/** The fields of a person in the order of a file, for templates, the API and its documentation. */
export function describeFields(fields: readonly PersonField[] = PERSON_FIELDS): FieldGuide[] {
  return fields.map((field) => {
    const [meaning, form, example] = GUIDE[field]
    return { field, meaning, form, example }
  })
}
