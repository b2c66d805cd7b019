import type { ContactOutcome } from '../../model/contact-outcome.ts'
import type { Family } from '../../phones/family.ts'
import { adviseBoot } from './boot-advice.ts'
import { explainOutcome } from './outcome-words.ts'
import type { PhoneStory, StoryAccount, StoryContact } from './read-story.ts'

/**
 * How far a phone came: `unassigned`: nobody is on it · `suspended` · `unseen`: it never asked · `refused` · `unregistered`
 * · `partly`: not every account · `unreachable` · `outdated`: works with an old configuration · `working`.
 */
export const PHONE_STATES = [
  'unassigned',
  'suspended',
  'unseen',
  'refused',
  'unregistered',
  'partly',
  'unreachable',
  'outdated',
  'working',
] as const
export type PhoneState = (typeof PHONE_STATES)[number]

/** Why a phone does not work and what to do; both empty where it works. */
export type Diagnosis = { state: PhoneState; cause: string; cure: string }

/** As long as a phone that starts takes to ask for everything, firmware aside. */
const ONE_BOOT_MS = 600_000

/** Where a release that is open now was opened after the refusal. */
const CURED_BY_RELEASE = new Set<ContactOutcome>(['not-released', 'sealed', 'token-unknown'])

type Site = { phonesUrl: string; sipHost: string; families: readonly Family[] }

/** Says why a phone does not work: the first thing on its way from the box to the call that went wrong. */
export function diagnosePhone(story: PhoneStory, site: Site): Diagnosis {
  const { name, accounts } = story
  if (accounts.length === 0)
    return {
      state: 'unassigned',
      cause: 'It has no account: nobody is on it.',
      cure: `offhook phone assign ${name} --user EXTENSION`,
    }
  if (accounts.every(({ suspended }) => suspended))
    return {
      state: 'suspended',
      cause: 'Whoever is on it is suspended: Asterisk knows no account of theirs.',
      cure: 'offhook user set EXTENSION suspended=no',
    }
  const absent = accounts.filter((account) => !account.suspended && !isRegistered(account, story))
  if (absent.length === accounts.filter(({ suspended }) => !suspended).length) return diagnoseAbsence(story, site)
  return diagnosePresence(story, absent)
}

/** Of several phones on one account it is told apart by where it asked from: an account alone says nothing about this one. */
function isRegistered({ contacts, phones }: StoryAccount, story: PhoneStory): boolean {
  if (contacts.length === 0 || phones <= 1) return contacts.length > 0
  const address = story.contacts[0]?.address
  return contacts.some(({ uri }) => address !== undefined && hostOf(uri) === address)
}

/** Host of `sip:user@host:port;…`, without the brackets of IPv6. */
export function hostOf(uri: string): string {
  return /@(?:\[([^\]]+)\]|([^:;>]+))/.exec(uri)?.slice(1).find(Boolean) ?? uri
}

function diagnoseAbsence(story: PhoneStory, site: Site): Diagnosis {
  const { name, mac, last_served, last_common, last_refused, last_unlisted, accounts } = story
  const isLater = (one: StoryContact | null, other: StoryContact | null) =>
    one !== null && (!other || one.at >= other.at)
  if (last_common?.outcome === 'told' && isLater(last_common, last_served) && isLater(last_common, last_refused))
    return { state: 'refused', ...explainOutcome('told', name, site, story.family) }
  if (last_refused && isLater(last_refused, last_served) && !isBeside(last_refused, last_served)) {
    const { cause, cure } = explainOutcome(last_refused.outcome, name, site, story.family)
    const isReleased = story.released_until !== null && CURED_BY_RELEASE.has(last_refused.outcome)
    return {
      state: 'refused',
      cause: [cause, last_refused.detail].filter(Boolean).join(' '),
      cure: isReleased ? 'Restart it: a release is open for it by now.' : cure,
    }
  }
  if (last_served) {
    const gone = accounts.map(({ gone_at }) => gone_at).find((at) => at !== null)
    const never = `It fetched its configuration and does not register${gone ? '; it did before' : ''}.`
    return {
      state: 'unregistered',
      cause: never,
      cure:
        `Check that it reaches ${site.sipHost} (firewall, VLAN, name server), that its clock is right, and that it took what ` +
        'it fetched: its own page shows the account and the last error.',
    }
  }
  if (last_common) return { state: 'refused', ...explainOutcome('common', name, site, story.family) }
  if (mac === null)
    return {
      state: 'unseen',
      cause: 'Its link was never opened.',
      cure: `Give its user the address below, as a link or a QR code: offhook phone show ${name}`,
    }
  if (last_unlisted) {
    const asked = `It asked ${last_unlisted.at.toISOString().slice(0, 19)}Z from ${last_unlisted.address}`
    const { cure } = explainOutcome('unlisted', name, site, story.family)
    return {
      state: 'unseen',
      cause: `${asked}, when it was in no list, and not since.`,
      cure: story.released_until ? 'Restart it: its release is open.' : cure,
    }
  }
  const family = site.families.find(({ name: one }) => one === story.family)
  const { dhcp, steps } = adviseBoot(family, site.phonesUrl, name)
  const way =
    steps === null
      ? `Does DHCP give it an address and ${dhcp}?`
      : `Does it know where its file is? What to do at it, under “fetches”: offhook phone show ${name}.`
  return {
    state: 'unseen',
    cause: 'It never asked for anything.',
    cure:
      `Is it powered and connected, and is the MAC address on its box ${name}? ${way} Phones that ask and are in no list: ` +
      'offhook phones --waiting',
  }
}

/** A phone that has just got its own file has the right address: what else it looks for there, it does without. */
function isBeside({ outcome, at }: StoryContact, served: StoryContact | null): boolean {
  const optional = outcome === 'unknown-file' || outcome === 'other-family'
  return optional && served !== null && at.getTime() - served.at.getTime() < ONE_BOOT_MS
}

function diagnosePresence(story: PhoneStory, absent: readonly StoryAccount[]): Diagnosis {
  const { name, accounts, resync } = story
  if (absent.length > 0)
    return {
      state: 'partly',
      cause: `It is registered, but not on ${absent.map((account) => account.name).join(', ')}.`,
      cure: `Have it fetch its configuration again: offhook phone resync ${name}`,
    }
  const silent = accounts.filter(({ reachable, suspended }) => reachable === false && !suspended)
  if (silent.length > 0)
    return {
      state: 'unreachable',
      cause: `It is registered, but does not answer Asterisk on ${silent.map((account) => account.name).join(', ')}.`,
      cure: 'A firewall or NAT between the two lets nothing in: allow SIP from Asterisk to the phone, or restart it.',
    }
  if (resync && ['missing', 'failed', 'stopped'].includes(resync.state))
    return {
      state: 'outdated',
      cause: `It works with an old configuration: ${resync.note ?? 'it was told to fetch again and did not come'}.`,
      cure: `Restart it, or: offhook phone resync ${name}`,
    }
  return { state: 'working', cause: '', cure: '' }
}

/** What a phone says it is, where that is not what the inventory says; null: it fits, or it did not say. */
export function findMismatch({ family, model, seen }: Pick<PhoneStory, 'family' | 'model' | 'seen'>): string | null {
  if (!seen) return null
  const isOther = seen.family !== family || (seen.model !== null && seen.model.toLowerCase() !== model.toLowerCase())
  return isOther ? `${seen.family ?? family} ${seen.model ?? '(model not said)'}` : null
}
