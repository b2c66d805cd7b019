import type { Mac } from './mac.ts'
import type { Secret } from './secret.ts'

/** Canonical column names of an import, in the order in which files are written. */
export const PERSON_FIELDS = [
  'external_id',
  'extension',
  'first_name',
  'last_name',
  'email',
  'username',
  'role',
  'location',
  'caller_id',
  'did',
  'mac',
  'model',
  'line',
  'voicemail_pin',
  'voicemail_email',
  'pager',
  'transcription',
  'telephony',
  'fax',
  'sip_mode',
  'pbx_domain',
  'pbx_device',
  'sip_uri',
  'authentication',
  'password',
  'groups',
  'desk',
  'tags',
  'language',
  'timezone',
  'suspended',
] as const

export type PersonField = (typeof PERSON_FIELDS)[number]

/** Whether what stands in this field is for its owner alone. */
export function isSecretField(field: string): boolean {
  return field === 'voicemail_pin' || field === 'password'
}

/** `undefined`: absent column or empty cell, keep what is there. `null`: the cell was `-`, clear it. */
type Maybe<T> = T | null | undefined

/** One row after reading, mapping, defaults and checks: every value is normalised and safe to write. */
export type Person = {
  /** 1 = first data row of what the admin brought. */
  row: number
  /** Id of the user whom the row means; no column of a file, it wins over every key in one. */
  user_id?: number
  external_id?: Maybe<string>
  /** Digits only. */
  extension?: Maybe<string>
  first_name?: Maybe<string>
  last_name?: Maybe<string>
  /** Lower case. */
  email?: Maybe<string>
  username?: Maybe<string>
  role?: Maybe<string>
  /** Name of a location of the tenant. */
  location?: Maybe<string>
  /** A number, digits with an optional leading `+`. */
  caller_id?: Maybe<string>
  /** E.164 with leading `+`. */
  did?: Maybe<string>
  mac?: Maybe<Mac>
  /** Model name as the phone families spell it. */
  model?: Maybe<string>
  /** Account slot on the device, from 1. */
  line?: Maybe<number>
  /** 4 to 12 digits. */
  voicemail_pin?: Maybe<Secret>
  voicemail_email?: Maybe<string>
  pager?: Maybe<string>
  transcription?: Maybe<boolean>
  telephony?: Maybe<boolean>
  fax?: Maybe<boolean>
  sip_mode?: Maybe<SipMode>
  pbx_domain?: Maybe<string>
  pbx_device?: Maybe<string>
  sip_uri?: Maybe<string>
  authentication?: Maybe<Authentication>
  password?: Maybe<Secret>
  groups?: Maybe<readonly string[]>
  desk?: Maybe<string>
  tags?: Maybe<readonly string[]>
  /** BCP 47, e.g. `de` or `de-CH`. */
  language?: Maybe<string>
  /** IANA, e.g. `Europe/Berlin`. */
  timezone?: Maybe<string>
  /** True: no account registers and none rings; the mailbox, the number and the phone stay. */
  suspended?: Maybe<boolean>
}

export type SipMode = 'builtin' | 'webrtc' | 'pbx' | 'uri'
export type Authentication = 'default' | 'disabled' | 'email' | 'app'
