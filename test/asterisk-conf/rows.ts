import { digestSipSecret } from '../../src/secrets/digest.ts'
import { Secret } from '../../src/model/secret.ts'
import type { TestDatabase } from '../support/database.ts'

export const PASSWORD = 'correct-horse-battery-staple'
export const REALM = 'offhook'

/** Rows of Asterisk's tables as Offhook writes them, for tests of the configuration alone. */
export class Rows {
  readonly #database: TestDatabase

  constructor(database: TestDatabase) {
    this.#database = database
  }

  /** A phone's account with one or more contacts. `id` is `<number>-<slug>`. */
  async phone(id: string, options: { mailbox?: string; contact?: string } = {}): Promise<void> {
    const [number = '', slug = ''] = id.split('-')
    const box = options.mailbox ?? null
    await this.insert('ps_aors', {
      id,
      max_contacts: options.contact === undefined ? 5 : 0,
      remove_existing: 'yes',
      qualify_frequency: 0,
      contact: options.contact ?? null,
      mailboxes: box,
    })
    if (options.contact === undefined) {
      const { passwordDigest } = digestSipSecret(id, REALM, new Secret(PASSWORD))
      await this.insert('ps_auths', {
        id,
        username: id,
        auth_type: 'digest',
        password_digest: passwordDigest.reveal(),
        realm: REALM,
        supported_algorithms_uas: 'SHA-256,MD5',
        supported_algorithms_uac: 'SHA-256,MD5',
      })
    }
    await this.insert('ps_endpoints', {
      id,
      aors: id,
      auth: options.contact === undefined ? id : null,
      context: `t-${slug}`,
      disallow: 'all',
      allow: 'ulaw',
      direct_media: 'no',
      rtp_symmetric: 'yes',
      mailboxes: box,
      mwi_subscribe_replaces_unsolicited: 'yes',
      callerid: `"Phone ${number}" <${number}>`,
      set_var: `OFFHOOK_TENANT=${slug};OFFHOOK_EXTENSION=${number.split('.')[0]!}`,
    })
  }

  /** Whoever calls from that address is the carrier. */
  async trunk(id: string, address: string): Promise<void> {
    await this.insert('ps_aors', { id, max_contacts: 0 })
    await this.insert('ps_endpoints', { id, aors: id, context: 'from-trunk', disallow: 'all', allow: 'ulaw' })
    await this.insert('ps_endpoint_id_ips', { id, endpoint: id, match: address })
  }

  async route(context: string, exten: string, appdata: string): Promise<void> {
    await this.#database.query('delete from asterisk.extensions where context = $1 and exten = $2', [context, exten])
    await this.insert('extensions', { context, exten, priority: 1, app: 'Gosub', appdata })
  }

  async mailbox(box: string, pin: string): Promise<void> {
    const [mailbox, context] = box.split('@')
    await this.insert('voicemail', { mailbox, context, password: pin, fullname: box, envelope: 'no', saycid: 'no' })
  }

  async queue(name: string, member: string): Promise<void> {
    await this.insert('queues', { name, strategy: 'ringall', timeout: 10, retry: 1 })
    await this.insert('queue_members', {
      queue_name: name,
      interface: `PJSIP/${member}`,
      membername: member,
      paused: 0,
    })
  }

  async insert(table: string, row: Record<string, unknown>): Promise<void> {
    const columns = Object.keys(row)
    const places = columns.map((_, index) => `$${index + 1}`)
    await this.#database.query(
      `insert into asterisk.${table} (${columns.map((name) => `"${name}"`).join()}) values (${places.join()})`,
      Object.values(row),
    )
  }
}
