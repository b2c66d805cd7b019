import type { ProofWay } from '../model/phone-proof.ts'
import type { FollowedContact } from '../people/phones/follow-phones.ts'
import { describeVerdict } from '../people/phones/describe-verdict.ts'
import { type Diagnosis, hostOf } from '../people/phones/diagnose-phone.ts'
import { nameOutcome } from '../people/phones/outcome-words.ts'
import type { PhoneStory, StoryAccount, StoryContact } from '../people/phones/read-story.ts'
import { formatTable } from './output.ts'

const SECRET = '(secret: whoever knows that address gets the passwords)'

/** Where a phone fetches; `steps`: what to do at one whose file cannot hold that. */
type Fetching = { address: string; steps: string | null }

/** One page about a phone: whether it works, else why not and what to do; then what is known. */
export function describePhone(story: PhoneStory, diagnosis: Diagnosis, { address, steps }: Fetching): string {
  const { name, family, model, seen, sealed_at, released_until, last_served, last_refused, resync } = story
  const said = seen && [seen.family, seen.model, seen.firmware && `firmware ${seen.firmware}`].filter(Boolean).join(' ')
  const facts = [
    ['phone', name],
    ['model', `${family} ${model}${said ? `; says ${said}` : ''}`],
    ...story.accounts.map((account) => [`account ${account.line}`, `${account.name}: ${describeAccount(account)}`]),
    ['last got', last_served ? describeContact(last_served) : 'nothing yet'],
    ['last refused', last_refused ? describeContact(last_refused) : 'never'],
    ['proved itself', sealed_at ? `first ${time(sealed_at)}` : 'not yet, but by a release'],
    ...(story.certificate ? [['certificate', describeCertificate(story.certificate)]] : []),
    ['exposed', story.exposed ? describeExposure(story, story.exposed) : 'not since its passwords were made'],
    ...(story.redirect ? [['maker', describeRedirect(story.redirect)]] : []),
    ['release', released_until ? `open until ${time(released_until)}` : 'none is open'],
    ['resync', resync ? describeResync(resync) : 'nothing to tell it'],
    ['fetches', steps === null || steps.includes(address) ? `${steps ?? address} ${SECRET}` : steps],
  ]
  const contacts = story.contacts.map((contact) => [
    ...[time(contact.at), contact.transport, contact.address, contact.file || '(no file)'],
    nameOutcome(contact.outcome) + describeWay(contact) + describeTimes(contact),
  ])
  const parts = [describeVerdict(story, diagnosis).join('\n'), formatTable(facts)]
  if (contacts.length > 0) parts.push(formatTable([['asked', 'by', 'from', 'file', 'outcome'], ...contacts]))
  return parts.join('\n\n')
}

function describeAccount({ contacts, registered_at, callable_at, gone_at, reachable }: StoryAccount): string {
  const callable = callable_at ? `; could last be called ${time(callable_at)}` : ''
  if (contacts.length === 0) return `not registered${gone_at ? `; was until ${time(gone_at)}` : ''}${callable}`
  const where = contacts
    .map(({ uri, userAgent }) => `${hostOf(uri)}${userAgent ? ` (${userAgent.replaceAll(/[^ -~]/g, '?')})` : ''}`)
    .join(', ')
  const since = registered_at ? ` since ${time(registered_at)}` : ''
  return `registered${since} from ${where}${reachable === false ? `; does not answer${callable}` : ''}`
}

function describeContact(contact: StoryContact): string {
  return `${time(contact.at)}, ${contact.file || '(no file)'} by ${contact.transport} from ${contact.address}: ${nameOutcome(contact.outcome)}${describeWay(contact)}`
}

/** Of what it asked before it was in the list, only how often and since when is known. */
function describeTimes({ outcome, times, detail }: StoryContact): string {
  return times > 1 ? ` (${times} times${outcome === 'unlisted' ? `, first ${detail ?? ''}` : ''})` : ''
}

const WAYS: Record<ProofWay, string> = {
  token: 'its own address',
  window: 'a release',
  certificate: 'its certificate',
  digest: 'its password',
  basic: 'its password',
}

/** By what it proved which one it is. */
function describeWay({ way }: Pick<StoryContact, 'way'>): string {
  return way === null ? '' : ` by ${WAYS[way]}`
}

function describeCertificate({
  subject,
  issuer,
  expires_at,
  pinned_at,
}: NonNullable<PhoneStory['certificate']>): string {
  return `known by ${subject} of ${issuer} since ${time(pinned_at)}; ends ${time(expires_at)}`
}

function describeExposure(
  { name }: PhoneStory,
  { at, transport, address }: NonNullable<PhoneStory['exposed']>,
): string {
  return (
    `${time(at)} over ${transport} from ${address}: whoever was on the way could read its passwords. Over HTTPS nobody ` +
    `can; for new ones: offhook phone rotate ${name} --passwords`
  )
}

function describeRedirect({ service: name, state, reason, altered_to }: NonNullable<PhoneStory['redirect']>): string {
  const alarm = altered_to === null ? '' : `; it was found to send it elsewhere: ${altered_to}`
  return `${name} was told to send it here: ${state}${reason ? `. ${reason}` : ''}${alarm}`
}

function describeResync({ state, told_at, ended_at, note }: NonNullable<PhoneStory['resync']>): string {
  const when = ended_at ?? told_at
  return `${state}${when ? ` ${time(when)}` : ''}${note ? `: ${note}` : ''}`
}

/** One line of the live feed. */
export function describeFollowed(contact: FollowedContact): string {
  const { at, name, mac, transport, address, file, family, model, firmware, outcome, times } = contact
  const who = name ?? `${mac ?? 'somebody'} (in no list)`
  const said = [family, model, firmware].filter(Boolean).join(' ')
  const count = times > 1 ? ` (${times} times)` : ''
  return `${time(at)}  ${who}  ${address} ${transport}  ${file || '(no file)'}  ${nameOutcome(outcome)}${describeWay(contact)}${count}${said ? `  ${said}` : ''}`
}

/** To the second, in UTC. */
export function time(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
