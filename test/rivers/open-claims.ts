import { setTimeout as pause } from 'node:timers/promises'
import { LiveState } from '../../src/asterisk/live-state.ts'
import { listModels } from '../../src/boot/list-models.ts'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { openBoot } from '../../src/boot/open-boot.ts'
import { listResyncEvents } from '../../src/boot/resync-events.ts'
import { createPool } from '../../src/db/pool.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startClaimWorker } from '../../src/jobs/claim-worker.ts'
import { startResyncWorker } from '../../src/jobs/resync-worker.ts'
import { createClaimCode, type NewClaimCode } from '../../src/people/claims/claim-codes.ts'
import { openClaimPhone } from '../../src/people/claims/open-claim-phone.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { openRiver, type River, until } from './open-river.ts'

/** What a Yealink reads of its file. */
export type YealinkConfig = { user: string; password: string; host: string; port: number }

export type ClaimSite = {
  river: River
  /** Where phones find their files, with a closing slash. */
  folder: string
  /** What a desk phone of this MAC address gets; null: the refusal. */
  fetch: (mac: string, options?: { userAgent?: string; file?: string; from?: string }) => Promise<YealinkConfig | null>
  /** The same over TFTP. */
  fetchOverTftp: (mac: string) => Promise<YealinkConfig | null>
  /** A phone on an account that it read, registered. */
  plugIn: (config: YealinkConfig) => Promise<SipPhone>
  /** Makes a code that phones may use at once. */
  makeCode: (options?: Partial<NewClaimCode>, tenant?: River['acme']) => Promise<string>
  /** Claims are bound while this runs. */
  startWorker: () => void
  stopWorker: () => Promise<void>
  query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  close: () => Promise<void>
}

export const YEALINK = 'Yealink SIP-T46U 108.86.0.20'

const QUIET = { info: () => undefined, warn: () => undefined }
const RESYNC = { settleMs: 50, paceMs: 20, sweepMs: 200 }
const PROMPT_MS = 900

/** People beside a real Asterisk, and everything that a phone without an owner meets. */
export async function openClaims(csv: string): Promise<ClaimSite> {
  const river = await openRiver()
  const { pbx, desk } = river
  const families = await loadFamilies()
  Object.assign(desk, { models: listModels(families) })
  await river.bring(csv)
  const port = await findFreePorts(1)
  const folder = `http://127.0.0.1:${port}/`
  const phonesPool = createPool(pbx.database.url, 'offhook_phones')
  const boot = await openBoot({
    ...{ pool: phonesPool, url: pbx.database.url, vault: pbx.vault, families, log: QUIET },
    ...{ phonesUrl: folder.slice(0, -1), sipHost: `${pbx.asterisk.host}:${pbx.asterisk.sipPort}` },
    openClaim: (phone) => openClaimPhone(desk, phone),
  })
  // Its proxy says where phones ask from.
  const http = await startPhonesListener({
    ...{ address: '127.0.0.1', port, answer: boot.answer, log: QUIET, writeAccess: () => undefined },
    trustedProxy: ['127.0.0.1'],
  })
  const live = new LiveState(pbx.ami)
  const resyncs = startResyncWorker({
    ...{ url: pbx.database.url, pool: pbx.owner, ami: pbx.ami, live, boot, log: QUIET },
    ...{ events: listResyncEvents(families), limits: RESYNC },
  })
  const plugged: SipPhone[] = []
  let worker: ReturnType<typeof startClaimWorker> | null = null
  const query: ClaimSite['query'] = async (sql, values) => {
    const { rows } = await pbx.database.query(sql, values)
    return rows as Record<string, unknown>[]
  }
  return {
    ...{ river, folder, query },
    async fetch(mac, { userAgent = YEALINK, file = `${mac}.cfg`, from = '192.0.2.10' } = {}) {
      const response = await fetch(`${folder}${file}`, {
        headers: { 'User-Agent': userAgent, 'X-Forwarded-For': from },
      })
      const text = await response.text()
      return response.status === 200 ? readYealink(text) : null
    },
    async fetchOverTftp(mac) {
      const request = {
        transport: 'tftp',
        token: null,
        file: `${mac}.cfg`,
        userAgent: '',
        address: '192.0.2.10',
      } as const
      const answer = await boot.answer(request)
      return answer && readYealink(answer.bytes.toString())
    },
    async plugIn({ host, port, user, password }) {
      const phone = await SipPhone.open({ host, port, user, password })
      plugged.push(phone)
      await phone.register()
      return phone
    },
    async makeCode(options = {}, tenant = river.acme) {
      const wanted = { installer: 'Ida', minutes: 60, phones: 50, networks: [], ...options }
      const { code } = await createClaimCode(desk, pbx.owner, tenant, wanted, 'test')
      // Windows are read when the database says that there is a new one.
      await pause(300)
      return code.reveal()
    },
    startWorker() {
      worker ??= startClaimWorker({ url: pbx.database.url, pool: pbx.owner, desk, log: QUIET, sweepMs: 200 })
    },
    async stopWorker() {
      await worker?.close()
      worker = null
    },
    async close() {
      for (const phone of plugged) await phone.close()
      await worker?.close()
      await resyncs.close()
      live.close()
      await http.close()
      await boot.close()
      await phonesPool.end()
      await river.close()
    },
  }
}

/** Calls the claim number and keys in a code and an extension, each as soon as it is asked for. */
export async function dialClaim(phone: SipPhone, ...rounds: (readonly [code: string, extension: string])[]) {
  const call = await phone.call('*91')
  await call.answered()
  for (const [code, extension] of rounds) {
    await pause(PROMPT_MS)
    await call.sendDigits(`${code}#`)
    await pause(PROMPT_MS)
    await call.sendDigits(`${extension}#`)
    // The word that comes before the next question.
    await pause(PROMPT_MS)
  }
  await call.ended(15_000)
}

function readYealink(text: string): YealinkConfig {
  const value = (name: string) => new RegExp(`^${name.replaceAll('.', '[.]')} *= *(.*)$`, 'm').exec(text)?.[1] ?? ''
  return {
    user: value('account.1.user_name'),
    password: value('account.1.password'),
    host: value('account.1.sip_server.1.address'),
    port: Number(value('account.1.sip_server.1.port')),
  }
}

export { until }
