import { z } from 'zod'
import { CONTACT_OUTCOMES } from '../../model/contact-outcome.ts'
import { PROOF_WAYS } from '../../model/phone-proof.ts'
import { PHONE_STATES } from '../../people/phones/diagnose-phone.ts'
import { ID, TIME } from './fields.ts'

const TEXT = z.string()
const NULLABLE = z.string().nullable()
const OUTCOME = z.enum(CONTACT_OUTCOMES)
const SEEN = { family: NULLABLE, model: NULLABLE, firmware: NULLABLE }

const CONTACT = z
  .strictObject({
    ...{ at: TIME, transport: TEXT, address: TEXT, file: TEXT, ...SEEN, outcome: OUTCOME, detail: NULLABLE },
    way: z.enum(PROOF_WAYS).nullable().describe('By what it proved which one it is, where it got its own file'),
    times: z.int().describe('The same again within a moment'),
  })
  .meta({ id: 'PhoneContact' })

const ACCOUNT = z.strictObject({
  ...{ name: TEXT, line: z.int(), suspended: z.boolean(), phones: z.int() },
  contacts: z.array(z.strictObject({ uri: TEXT, userAgent: NULLABLE })).describe('Where it is registered now'),
  ...{ registered_at: TIME.nullable(), callable_at: TIME.nullable(), gone_at: TIME.nullable() },
  reachable: z.boolean().nullable(),
})

/** Everything that is known of a phone from outside, and why it does not work. */
export const STORY = z
  .strictObject({
    ...{ id: ID, name: TEXT, mac: NULLABLE, family: TEXT, model: TEXT },
    state: z.enum(PHONE_STATES).describe('How far it came'),
    cause: TEXT.describe('Empty where it works'),
    cure: TEXT.describe('Empty where it works'),
    verdict: TEXT.describe('The same in sentences, a line each'),
    mismatch: NULLABLE.describe('What it says it is, where the inventory says something else'),
    ...{ sealed_at: TIME.nullable(), released_until: TIME.nullable(), accounts: z.array(ACCOUNT) },
    seen: z.looseObject(SEEN).nullable().describe('What it last said of itself when it got a file'),
    ...{ last_served: CONTACT.nullable(), last_common: CONTACT.nullable(), last_refused: CONTACT.nullable() },
    last_unlisted: CONTACT.nullable().describe('Before it was in the list; `detail` says since when'),
    resync: z
      .strictObject({ state: TEXT, reason: TEXT, told_at: TIME.nullable(), ended_at: TIME.nullable(), note: NULLABLE })
      .nullable(),
    redirect: z
      .strictObject({ service: TEXT, state: TEXT, reason: NULLABLE, altered_to: NULLABLE })
      .nullable()
      .describe("How far its maker's service is with sending it here"),
    exposed: z
      .strictObject({ at: TIME, transport: TEXT, address: TEXT })
      .nullable()
      .describe('When its configuration last left where anybody on the way could read it'),
    certificate: z
      .strictObject({ subject: TEXT, issuer: TEXT, expires_at: TIME, pinned_at: TIME })
      .nullable()
      .describe('The certificate that it is known by'),
    contacts: z.array(CONTACT).describe('The latest first'),
  })
  .meta({ id: 'PhoneStory' })

export const WAITING = z
  .strictObject({
    ...{ id: ID, mac: NULLABLE, address: TEXT, first_at: TIME, last_at: TIME, contacts: z.int(), transport: TEXT },
    ...{ file: TEXT, user_agent: TEXT, ...SEEN, outcome: OUTCOME },
  })
  .meta({ id: 'WaitingPhone' })
