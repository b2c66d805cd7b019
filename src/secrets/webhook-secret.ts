import { randomBytes } from 'node:crypto'
import { Secret } from '../model/secret.ts'

/** What signs messages to one receiver: `whsec_` and 256 bits as base64, as the Standard Webhooks specification says. */
export function generateWebhookSecret(): Secret {
  return new Secret(`whsec_${randomBytes(32).toString('base64')}`)
}
