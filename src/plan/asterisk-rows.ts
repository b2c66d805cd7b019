import type { Secret } from '../model/secret.ts'
import type { PersonRows } from './person-rows.ts'
import { projectMemberships } from './queue-rows.ts'
import type { Row } from './row.ts'
import type { PlanTenant, Supply } from './supply.ts'
import type { TableName } from './tables.ts'

/** What a projection needs from outside. */
export type ProjectionSupply = Pick<Supply, 'authColumns' | 'md5Families'>

/** `origin` tells a row of a table under its old key from a new one, for tables that others write too. */
export type TableRow = { table: TableName; row: Row; origin?: string }

/** Contacts of one account: a desk phone, a softphone, and what a phone left behind when it moved. */
const MAX_CONTACTS = 5

/** Everything in Asterisk's tables that follows from our rows of one person. Nothing else decides what Asterisk holds. */
export function projectPerson(tenant: PlanTenant, rows: PersonRows, supply: ProjectionSupply): TableRow[] {
  const { extension, mailbox } = rows
  if (!extension) return []
  const number = String(extension['number'])
  const box = mailbox ? `${String(mailbox['number'])}@${tenant.slug}` : ''
  // Who is suspended keeps everything on our side; callers reach the mailbox.
  const endpoints = rows.user['suspended'] === true ? [] : rows.endpoints
  return [
    ...endpoints.flatMap((endpoint) => projectEndpoint(tenant, endpoint, extension, rows, box, supply)),
    ...(mailbox ? [projectMailbox(tenant, mailbox, extension, rows.user)] : []),
    ...(endpoints.length > 0 || mailbox ? [projectRoute(tenant, { ...rows, endpoints }, number, box)] : []),
    ...projectMemberships({ ...rows, endpoints }),
    ...rows.dids.filter(rings).map((did) => projectDid(tenant, did, number)),
  ]
}

export function tenantContext(slug: string): string {
  return `t-${slug}`
}

function projectEndpoint(
  tenant: PlanTenant,
  endpoint: Row,
  extension: Row,
  rows: PersonRows,
  box: string,
  supply: ProjectionSupply,
): TableRow[] {
  const id = String(endpoint['name'])
  const number = String(extension['number'])
  const registers = endpoint['secret'] !== null
  const aor: Row = registers
    ? {
        id,
        max_contacts: MAX_CONTACTS,
        remove_existing: 'yes',
        qualify_frequency: 0,
        contact: null,
        mailboxes: box || null,
      }
    : {
        id,
        max_contacts: 0,
        remove_existing: 'no',
        qualify_frequency: 0,
        contact: endpoint['sip_uri']!,
        mailboxes: null,
      }
  const account: Row = {
    id,
    aors: id,
    auth: registers ? id : null,
    // A phone that asks who sends it a NOTIFY gets an answer made from the same account.
    outbound_auth: registers ? id : null,
    context: tenantContext(tenant.slug),
    disallow: 'all',
    allow: 'g722,alaw,ulaw',
    direct_media: 'no',
    rtp_symmetric: 'yes',
    force_rport: 'yes',
    rewrite_contact: registers ? 'yes' : 'no',
    callerid: formatCallerId(String(extension['label']), extension['caller_id'] ?? number),
    mailboxes: registers && box ? box : null,
    mwi_subscribe_replaces_unsolicited: 'yes',
    accountcode: tenant.slug,
    language: languageOf(rows.user),
    webrtc: endpoint['kind'] === 'web' ? 'yes' : 'no',
    set_var: variables(tenant, number, rows.mailbox),
  }
  const auth: Row[] = registers
    ? [{ id, username: id, ...supply.authColumns(id, endpoint['secret'] as Secret, isMd5Only(rows, endpoint, supply)) }]
    : []
  return [
    { table: 'asterisk.ps_aors', row: aor },
    ...auth.map((row) => ({ table: 'asterisk.ps_auths', row }) as const),
    { table: 'asterisk.ps_endpoints', row: account },
  ]
}

/** What the dialplan may trust. The mailbox is named only where it goes by another number than the extension. */
function variables(tenant: PlanTenant, number: string, mailbox: Row | null): string {
  const both = `OFFHOOK_TENANT=${tenant.slug};OFFHOOK_EXTENSION=${number}`
  return mailbox && mailbox['number'] !== number ? `${both};OFFHOOK_MAILBOX=${String(mailbox['number'])}` : both
}

/** Asterisk's prompts come by language alone, `de` for `de-CH`. */
function languageOf(user: Row): string | null {
  return user['language'] === null ? null : String(user['language']).toLowerCase().split('-')[0]!
}

function isMd5Only(rows: PersonRows, endpoint: Row, supply: ProjectionSupply): boolean {
  const on = new Set(
    rows.lines.filter((line) => line['endpoint_id'] === endpoint['id']).map((line) => line['device_id']),
  )
  return rows.devices.some((device) => on.has(device['id']) && supply.md5Families.has(String(device['family'])))
}

/** `callerid.c` reads a quoted name up to its closing quote and undoes backslashes in it. */
function formatCallerId(name: string, number: Row[string]): string {
  return `"${name.replaceAll(/["\\]/g, '\\$&')}" <${String(number)}>`
}

function projectMailbox(tenant: PlanTenant, mailbox: Row, extension: Row, user: Row): TableRow {
  return {
    table: 'asterisk.voicemail',
    row: {
      context: tenant.slug,
      mailbox: mailbox['number']!,
      password: mailbox['pin']!,
      fullname: extension['label']!,
      email: mailbox['email'] ?? null,
      pager: mailbox['pager'] ?? null,
      attach: 'yes',
      language: languageOf(user),
    },
  }
}

/** Read once per call by the static dialplan; see `asterisk/extensions.conf` for the grammar of appdata. */
function projectRoute(tenant: PlanTenant, rows: PersonRows, number: string, box: string): TableRow {
  const endpoints = rows.endpoints.map((endpoint) => String(endpoint['name'])).sort()
  const seconds = String(rows.extension!['ring_seconds'])
  const then = rows.extension!['no_answer'] === 'hangup' && rows.user['suspended'] !== true ? '' : box
  return {
    table: 'asterisk.extensions',
    row: {
      context: tenantContext(tenant.slug),
      exten: number,
      priority: 1,
      app: 'Gosub',
      appdata: `offhook-user,s,1(${endpoints.join('&')},${seconds},${then})`,
    },
  }
}

/** A number that waits for somebody rings nobody. */
function rings(did: Row): boolean {
  return did['extension_id'] !== null
}

function projectDid(tenant: PlanTenant, did: Row, number: string): TableRow {
  return {
    table: 'asterisk.extensions',
    row: {
      context: 'did',
      exten: String(did['number']).slice(1),
      priority: 1,
      app: 'Gosub',
      appdata: `offhook-did,s,1(${tenant.slug},${number},)`,
    },
  }
}

/** A trunk by IP: whoever calls from there is the carrier, and may reach public numbers only. */
export function projectTrunk(tenant: PlanTenant, trunk: Row): TableRow[] {
  const id = `trunk.${String(trunk['name'])}-${tenant.slug}`
  return [
    { table: 'asterisk.ps_aors', row: { id, max_contacts: 0, qualify_frequency: 0 } },
    {
      table: 'asterisk.ps_endpoints',
      row: {
        id,
        aors: id,
        context: 'from-trunk',
        disallow: 'all',
        allow: 'g722,alaw,ulaw',
        direct_media: 'no',
        rtp_symmetric: 'yes',
        force_rport: 'yes',
        rewrite_contact: 'no',
        accountcode: tenant.slug,
      },
    },
    { table: 'asterisk.ps_endpoint_id_ips', row: { id, endpoint: id, match: trunk['match']! } },
  ]
}
