import { CLAIM_CONTEXT } from '../model/claim.ts'
import type { Secret } from '../model/secret.ts'
import type { Row } from './row.ts'
import type { Supply } from './supply.ts'

/** Rows of Asterisk's for an account that can dial the claim number and do nothing else, parents first. */
export function projectClaimAccount(
  tenantSlug: string,
  account: { name: string; secret: Secret; md5Only: boolean },
  authColumns: Supply['authColumns'],
): { table: 'ps_aors' | 'ps_auths' | 'ps_endpoints'; row: Row }[] {
  const { name: id, secret, md5Only } = account
  return [
    { table: 'ps_aors', row: { id, max_contacts: 1, remove_existing: 'yes', qualify_frequency: 0 } },
    { table: 'ps_auths', row: { id, username: id, ...authColumns(id, secret, md5Only) } },
    {
      table: 'ps_endpoints',
      row: {
        ...{ id, aors: id, auth: id, outbound_auth: id, context: CLAIM_CONTEXT },
        ...{ disallow: 'all', allow: 'g722,alaw,ulaw', direct_media: 'no', rtp_symmetric: 'yes', force_rport: 'yes' },
        // A transfer or a subscription would leave the context through another door.
        ...{ rewrite_contact: 'yes', allow_transfer: 'no', allow_subscribe: 'no' },
        ...{ callerid: '"Claim" <0>', accountcode: tenantSlug, set_var: `OFFHOOK_CLAIM=${id}` },
      },
    },
  ]
}
