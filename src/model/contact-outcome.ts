/**
 * What came of a phone's request. Only its story tells them apart; the phone sees a file or the one refusal.
 * `served`: its own file · `common`: a file that is the same for everybody · `stored`: firmware, a ringtone or the like ·
 * `absent`: its family asks for it and needs none · `unknown-file`: no family asks for that · `other-family`: known, but not to the family in the inventory ·
 * `other-phone`: another phone's file · `token-unknown` · `not-released`: no open window · `sealed`: it had come with its
 * own address before the window opened · `limited`: its source failed with too many MAC addresses, and only the whole
 * tenant is released · `certificate-refused` · `certificate-other`: not the one that it is known by · `login-asked`: it
 * was asked for its password · `login-refused`: what it answered is not right · `tftp-consent`: the tenant does not let TFTP carry files with passwords ·
 * `told`: by multicast, where its files are · `claimable`: a temporary file by which it can be claimed · `link-spent`: it came with a link that worked once ·
 * `failed`: its file cannot be rendered · `database-away`: it could not be known · `unlisted`: it was in no list then.
 */
export const CONTACT_OUTCOMES = [
  'served',
  'common',
  'stored',
  'absent',
  'unknown-file',
  'other-family',
  'other-phone',
  'token-unknown',
  'not-released',
  'sealed',
  'limited',
  'certificate-refused',
  'certificate-other',
  'login-asked',
  'login-refused',
  'tftp-consent',
  'told',
  'claimable',
  'link-spent',
  'failed',
  'database-away',
  'unlisted',
] as const

export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number]

/** Outcomes that a phone which is set up rightly sees too. */
export const HARMLESS_OUTCOMES: readonly ContactOutcome[] = ['served', 'common', 'stored', 'absent']
