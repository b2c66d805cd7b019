import type { Row } from './row.ts'

/**
 * How a column's value is held: `plain` as it is; `json` as text; `bytes` as hex; `sealed` encrypted in the table and a
 * Secret in a row; `secret` plain in the table, for Asterisk must read it, and a Secret in a row.
 */
export type ColumnKind = 'plain' | 'json' | 'bytes' | 'sealed' | 'secret'

export type TableSpec = {
  /** Columns that tell rows apart, in the order in which a row key lists them. */
  key: readonly string[]
  /** Every column that we write, with `:kind` where it is not plain. */
  columns: readonly string[]
  /** Columns that Asterisk writes too: never compared, never reset. */
  writtenByOthers?: readonly string[]
}

const OWN = ['id', 'tenant_id']

/** Every table that a plan may write, parents first: creates go down this list, deletes go up. */
export const TABLES = {
  'offhook.users': {
    key: ['id'],
    columns: [
      ...OWN,
      ...['external_id', 'username', 'first_name', 'last_name', 'email', 'role', 'location_id', 'desk', 'language'],
      ...['timezone', 'authentication', 'telephony', 'fax', 'suspended', 'tags:json', 'password:sealed'],
      ...['password_hash:secret', 'password_must_change'],
    ],
    // Hashed by a job, chosen by the person, erased once it was used or has expired.
    writtenByOthers: ['password', 'password_hash', 'password_must_change'],
  },
  'offhook.groups': {
    key: ['id'],
    columns: [...OWN, 'name', 'number', 'strategy', 'timeout_seconds', 'ring_seconds', 'queue'],
  },
  'offhook.group_members': { key: ['group_id', 'user_id'], columns: ['group_id', 'user_id', 'tenant_id', 'penalty'] },
  'offhook.extensions': {
    key: ['id'],
    columns: [...OWN, 'user_id', 'number', 'label', 'caller_id', 'ring_seconds', 'no_answer'],
  },
  'offhook.endpoints': {
    key: ['id'],
    columns: [...OWN, 'extension_id', 'name', 'kind', 'secret:sealed', 'sip_uri', 'pbx_domain', 'pbx_device'],
  },
  'offhook.mailboxes': {
    key: ['id'],
    columns: [...OWN, 'extension_id', 'number', 'pin:sealed', 'email', 'pager', 'transcription'],
  },
  'offhook.spent_mailboxes': { key: ['tenant_id', 'number'], columns: ['tenant_id', 'number'] },
  'offhook.trunks': { key: ['id'], columns: [...OWN, 'name', 'match'] },
  'offhook.dids': { key: ['id'], columns: [...OWN, 'number', 'extension_id'] },
  'offhook.devices': {
    key: ['id'],
    columns: [
      ...OWN,
      ...['mac', 'name', 'family', 'model', 'user_id', 'location_id', 'profile_id', 'settings:json'],
      ...['token:sealed', 'token_sha256:bytes', 'admin_password:sealed'],
    ],
  },
  'offhook.lines': { key: ['id'], columns: [...OWN, 'device_id', 'position', 'endpoint_id', 'label'] },
  'offhook.keys': { key: ['id'], columns: [...OWN, 'device_id', 'profile_id', 'position', 'kind', 'value', 'label'] },
  'offhook.directory_entries': { key: ['id'], columns: [...OWN, 'user_id', 'name', 'number'] },
  'asterisk.ps_aors': {
    key: ['id'],
    columns: ['id', 'max_contacts', 'remove_existing', 'qualify_frequency', 'contact', 'mailboxes'],
  },
  'asterisk.ps_auths': {
    key: ['id'],
    columns: [
      ...['id', 'auth_type', 'username', 'realm', 'password_digest:secret', 'md5_cred:secret'],
      ...['supported_algorithms_uas', 'supported_algorithms_uac'],
    ],
  },
  'asterisk.ps_endpoints': {
    key: ['id'],
    columns: [
      ...['id', 'aors', 'auth', 'outbound_auth', 'context', 'disallow', 'allow', 'direct_media', 'rtp_symmetric'],
      ...['force_rport', 'rewrite_contact', 'callerid', 'mailboxes', 'mwi_subscribe_replaces_unsolicited'],
      ...['accountcode', 'language', 'webrtc', 'set_var'],
    ],
  },
  'asterisk.ps_endpoint_id_ips': { key: ['id'], columns: ['id', 'endpoint', 'match'] },
  'asterisk.voicemail': {
    key: ['context', 'mailbox'],
    columns: ['context', 'mailbox', 'password:secret', 'fullname', 'email', 'pager', 'attach', 'language'],
    writtenByOthers: ['password'],
  },
  'asterisk.queues': { key: ['name'], columns: ['name', 'strategy', 'timeout', 'retry', 'ringinuse'] },
  'asterisk.queue_members': {
    key: ['queue_name', 'interface'],
    columns: ['queue_name', 'interface', 'membername', 'state_interface', 'penalty', 'paused', 'reason_paused'],
    writtenByOthers: ['paused', 'reason_paused'],
  },
  'asterisk.extensions': {
    key: ['context', 'exten', 'priority'],
    columns: ['context', 'exten', 'priority', 'app', 'appdata'],
  },
} as const satisfies Record<string, TableSpec>

export type TableName = keyof typeof TABLES

export const TABLE_NAMES = Object.keys(TABLES) as TableName[]

export function tableSpec(table: TableName): TableSpec {
  return TABLES[table]
}

/** Column names with their kinds, in a fixed order. */
export function listColumns(table: TableName): { name: string; kind: ColumnKind }[] {
  return tableSpec(table).columns.map((text) => {
    const [name, kind] = text.split(':') as [string, ColumnKind?]
    return { name, kind: kind ?? 'plain' }
  })
}

/** Asterisk's tables that plans write, without their schema, to the columns that they write. */
export function listAsteriskColumns(): Record<string, string[]> {
  const tables = TABLE_NAMES.filter(isAsteriskTable)
  return Object.fromEntries(
    tables.map((table) => [table.replace('asterisk.', ''), listColumns(table).map(({ name }) => name)]),
  )
}

export function isAsteriskTable(table: TableName): boolean {
  return table.startsWith('asterisk.')
}

/** The row's identity as text, e.g. `t-acme/1001/1`. */
export function rowKey(table: TableName, row: Row): string {
  const { key } = tableSpec(table)
  return key.length === 1 ? String(row[key[0]!]) : key.map((column) => String(row[column])).join('/')
}

/**
 * The table under which the ledger of ours lists a row of Asterisk's: an account is one thing in three tables, and listed
 * as its endpoint.
 */
export function ledgerTable(table: TableName): TableName {
  return table === 'asterisk.ps_aors' || table === 'asterisk.ps_auths' ? 'asterisk.ps_endpoints' : table
}

export function columnsWrittenByOthers(table: TableName): readonly string[] {
  return tableSpec(table).writtenByOthers ?? []
}
