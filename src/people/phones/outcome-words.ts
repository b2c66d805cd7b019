import type { ContactOutcome } from '../../model/contact-outcome.ts'
import type { Family } from '../../phones/family.ts'
import { adviseBoot } from './boot-advice.ts'

/** What an outcome is called in a list, and what it means and how it is cured where it is not the phone's own file. */
type Words = { short: string; cause: string; cure: string }

/** `PHONE` stands for the phone as commands name it, `URL` for where phones reach their files, `{DHCP}` for
 * its option. */
const WORDS: Record<ContactOutcome, Words> = {
  served: { short: 'got its file', cause: '', cure: '' },
  common: {
    short: 'got the file that is the same for all',
    cause: 'It fetched the file that tells phones where to go on, and did not ask for its own.',
    cure: 'Restart it. If that does not help: offhook phone release PHONE, then reset it to factory settings.',
  },
  stored: {
    short: 'got firmware or another stored file',
    cause: 'It fetched firmware, a ringtone or the like, and not its configuration since.',
    cure: 'Wait until it has restarted; new firmware may take ten minutes.',
  },
  absent: {
    short: 'asked for a file that it does not need',
    cause: 'It only asked for files that it does not need.',
    cure: 'Wait a minute: its own file comes next. Else check that family and model in the inventory are right.',
  },
  'unknown-file': {
    short: 'asked for a file that no phone asks for',
    cause: 'It asked for a file that no phone family knows, so its provisioning address has a path that is not ours.',
    cure: 'Have DHCP say {DHCP}, or enter URL as its provisioning address, without anything behind it.',
  },
  'other-family': {
    short: 'asked for a file of another make',
    cause: 'It asked for files of another make than the one in the inventory.',
    cure: 'Correct the model in the list of people and import it with --update, or check the MAC address.',
  },
  'other-phone': {
    short: 'asked for another phone’s file',
    cause: 'It came with the certificate or address of this phone and asked for the file of another MAC address.',
    cure: 'Two phones may be mixed up: compare the MAC addresses on the boxes. Then reset the wrong one to factory settings.',
  },
  'token-unknown': {
    short: 'came with an address that is not valid',
    cause: 'It came with a secret address that is not valid any more, or never was.',
    cure: 'offhook phone release PHONE, then restart the phone within 15 minutes.',
  },
  'not-released': {
    short: 'no release is open',
    cause: 'It asked by its MAC address alone, and no release was open for it.',
    cure: 'offhook phone release PHONE, then restart the phone within 15 minutes.',
  },
  sealed: {
    short: 'the release is older than its own address',
    cause:
      'It asked by its MAC address alone. It had its own address already, and the open release is older than that.',
    cure: 'offhook phone release PHONE, then restart the phone within 15 minutes.',
  },
  limited: {
    short: 'too many MAC addresses from there',
    cause:
      'So many MAC addresses that get nothing were asked for from its address that a release of the whole tenant does ' +
      'not count there now: somebody may be trying them.',
    cure: 'To let this one in: offhook phone release PHONE. See who tries: offhook phones --waiting.',
  },
  'certificate-refused': {
    short: 'its certificate is not believed',
    cause: 'It showed a certificate that is not believed.',
    cure: 'offhook phone release PHONE, then restart the phone; or add its maker’s authority to OFFHOOK_DEVICE_CA_DIR.',
  },
  'certificate-other': {
    short: 'another certificate than before',
    cause: 'It showed a good certificate for this MAC address, and another one than it came with first.',
    cure: 'If it was repaired or renewed: offhook phone release PHONE, then restart it. Else somebody imitates it.',
  },
  'login-asked': {
    short: 'was asked for its password',
    cause: 'It was asked for its password and did not answer.',
    cure: 'Enter what this prints at the phone: offhook phone login PHONE.',
  },
  'login-refused': {
    short: 'gave a wrong password',
    cause: 'It gave a user name or password that is not right.',
    cure: 'Enter what this prints at the phone: offhook phone login PHONE.',
  },
  'tftp-consent': {
    short: 'the tenant does not allow TFTP',
    cause: 'It asked over TFTP, and this tenant does not let TFTP carry passwords.',
    cure: 'Let it use HTTP: DHCP {DHCP}. If it knows nothing but TFTP: offhook phone-rules tftp=on, then restart it.',
  },
  told: {
    short: 'was told by multicast where its files are',
    cause: 'It was told by multicast where its files are, and did not come for them.',
    cure: 'Wait a minute. If it still does not come: can it reach URL (firewall, VLAN)? Restart it.',
  },
  claimable: {
    short: 'can be claimed by dialling *91',
    cause: 'It got an account that can do nothing but claim it: nobody has keyed in a claim code on it yet.',
    cure: 'Dial *91 on it and key in the claim code and the extension, or: offhook phone release PHONE, and restart it.',
  },
  'link-spent': {
    short: 'came with a link that was used up',
    cause: 'It came with a link or picture that was used already, or whose time is over.',
    cure: 'Make another one: offhook phone qr PHONE.',
  },
  failed: {
    short: 'its file cannot be rendered',
    cause: 'Its file could not be rendered.',
    cure: 'Correct the setting that is named: offhook phone explain PHONE.',
  },
  'database-away': {
    short: 'the database was away',
    cause: 'The database could not be read when it asked.',
    cure: 'Restart the phone; it is tried again by itself too.',
  },
  unlisted: {
    short: 'was in no list yet',
    cause: 'It asked before it was in the list, and not since.',
    cure: 'offhook phone release PHONE, then restart the phone within 15 minutes.',
  },
}

/** What an outcome is called in a list. */
export function nameOutcome(outcome: ContactOutcome): string {
  return WORDS[outcome].short
}

/** The same of a phone that is in no list: no release could let it in. */
export function nameOutcomeOfUnlisted(outcome: ContactOutcome): string {
  return outcome === 'not-released' ? 'it is in no list' : nameOutcome(outcome)
}

/** Why a phone got nothing of its own, and what to do. */
export function explainOutcome(
  outcome: ContactOutcome,
  phone: string,
  { phonesUrl, families }: { phonesUrl: string; families: readonly Family[] },
  family?: string,
): { cause: string; cure: string } {
  const { cause, cure } = WORDS[outcome]
  const advice = adviseBoot(
    families.find(({ name }) => name === family),
    phonesUrl,
    phone,
  )
  const own = outcome === 'tftp-consent' ? advice.tftp : outcome === 'unknown-file' ? advice.steps : null
  const words: Record<string, string> = { PHONE: phone, URL: phonesUrl, '{DHCP}': advice.dhcp }
  return { cause, cure: own ?? cure.replaceAll(/PHONE|URL|\{DHCP\}/g, (word) => words[word]!) }
}
