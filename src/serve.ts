import type { Logger } from 'pino'
import { LiveState } from './asterisk/live-state.ts'
import { closeInTime, type Part } from './close-in-time.ts'
import type { Config } from './config.ts'
import type { Boot } from './boot/open-boot.ts'
import { listResyncEvents } from './boot/resync-events.ts'
import type { App } from './cli/app.ts'
import { tallyAnswers } from './boot/tally-answers.ts'
import { createApi } from './http/api/create-api.ts'
import { createMetricsRouter } from './http/api/metrics-router.ts'
import { ROUTES } from './http/api/routes.ts'
import { trustProxies } from './http/client-address.ts'
import { createInviteRouter } from './http/invite.ts'
import { createDoor } from './http/login/door.ts'
import { createMetrics } from './http/metrics.ts'
import { startPeopleListener } from './http/people-listener.ts'
import { startPhonesListener } from './http/phones-listener.ts'
import { PhonesTls } from './http/phones-tls.ts'
import { startClaimWorker } from './jobs/claim-worker.ts'
import { startImportWorker } from './jobs/import-worker.ts'
import { createVoicemailRouter } from './http/voicemail-mail.ts'
import { startMailWorker, warnOfWaitingMails } from './jobs/mail-worker.ts'
import { startOutboxWorker } from './jobs/outbox-worker.ts'
import { startRegistrationWorker } from './jobs/registration-worker.ts'
import { startResyncWorker } from './jobs/resync-worker.ts'
import { startRetentionWorker } from './jobs/retention-worker.ts'
import { startRolloutWorker } from './jobs/rollout-worker.ts'
import { openAddresses } from './jobs/open-addresses.ts'
import { startWebhookWorker } from './jobs/webhook-worker.ts'
import { isLoopback } from './model/host.ts'
import type { Secret } from './model/secret.ts'
import { startPasswordWorker } from './jobs/password-worker.ts'
import { startRedirectWorker } from './jobs/redirect-worker.ts'
import { sealPlainSettings } from './people/settings/seal-plain-settings.ts'
import { parseSender } from './mail/sender.ts'
import { parseSmtpUrl } from './mail/smtp-address.ts'
import type { Asker } from './pnp/responder.ts'
import { startPnpServer } from './pnp/server.ts'
import { startTftpServer } from './tftp/server.ts'

/** Phones get their file within that; the rest of what closes has some seconds of its own. */
const CLOSE_WITHIN_MS = 4_000

type Closable = { close(): Promise<unknown> }
type Keep = (name: string, part: Closable) => void

/** Starts every listener and job, says where they are, and stops them when the process is told to, started or not. */
export async function serve(app: App, config: Config, url: string, key: Secret, log: Logger): Promise<void> {
  const parts: Part[] = []
  let isStopping = false
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  const keep: Keep = (name, part) => {
    parts.push({ name, close: () => part.close() })
    if (isStopping) void part.close()
  }
  try {
    const started = start(app, config, { url, key, log, keep }).then(() => {
      warnOfLoopback(config, log)
      log.info({ phones: config.phonesUrl, people: config.publicUrl, tftp: config.tftpPort }, 'offhook serves')
      return stopped
    })
    log.info({ signal: await Promise.race([started, stopped]) }, 'offhook stops')
  } finally {
    isStopping = true
    const late = await closeInTime(parts, CLOSE_WITHIN_MS)
    if (late.length > 0)
      log.warn({ late }, 'what was under way is not waited for; it is done again by the next process')
  }
}

/** What phones are told is how they reach us and Asterisk; where nobody says that, it follows from what is bound. */
export function warnOfLoopback(
  { bind, pnpAddress, phonesUrl, sipHost }: Pick<Config, 'bind' | 'pnpAddress' | 'phonesUrl' | 'sipHost'>,
  log: Pick<Logger, 'warn'>,
): void {
  if (isLoopback(bind) && pnpAddress === null) return
  const told = { OFFHOOK_PHONES_URL: new URL(phonesUrl).host, OFFHOOK_SIP_HOST: sipHost }
  const settings = Object.entries(told).flatMap(([name, host]) => (isLoopback(host) ? [name] : []))
  if (settings.length > 0)
    log.warn({ settings }, 'phones are told to go to the address that each of them has itself: say how they reach this')
}

type Ground = { url: string; key: Secret; log: Logger; keep: Keep }

async function start(app: App, config: Config, { url, key, log, keep }: Ground): Promise<void> {
  const shelf = await app.shelf()
  const { sealed, unreadable } = await sealPlainSettings(await app.owner(), (await app.desk()).vault)
  for (const message of unreadable) log.warn({}, message)
  if (sealed > 0) log.info({ rows: sealed }, 'secrets among settings of phones that stood in plain text are sealed')
  const boot = await app.boot()
  const ami = app.ami()
  const tally = tallyAnswers(boot.answer)
  const { answer } = tally
  const door = createDoor({ logins: boot.logins, families: await app.families() })
  const web = { address: config.bind, answer, door, log, trustedProxy: config.trustedProxy }
  keep('phones', await startPhonesListener({ ...web, port: config.phonesPort }))
  const tls = config.phonesTlsPort === null ? null : await openTls(app, config)
  if (tls) keep('phones by TLS', await startPhonesListener({ ...web, port: config.phonesTlsPort!, tls }))
  if (config.tftpPort !== null)
    keep(
      'tftp',
      await startTftpServer({ address: config.bind, port: config.tftpPort, allow: config.tftpAllow, answer, log }),
    )
  if (config.pnpAddress !== null) keep('multicast', await startMulticast(boot, config.pnpAddress, log))
  const owner = await app.owner()
  const ready = {
    database: () => owner.query('select 1'),
    ...(ami && { asterisk: () => (ami.ready ? Promise.resolve() : Promise.reject(new Error('not connected'))) }),
  }
  const { pool, vault } = await app.desk()
  const mails = await startMails(app, config, url, log)
  if (mails) keep('mails', mails)
  const addressOf = trustProxies(config.trustedProxy)
  const site = {
    desk: await app.desk(),
    shelf,
    owner,
    families: await app.families(),
    sipHost: config.sipHost,
    phonesUrl: config.phonesUrl,
    ami,
    log,
  }
  const metrics = createMetrics({
    ...{ owner, answers: tally.read, dropped: () => boot.droppedContacts, log },
    proofs: () => ({
      ...{ counts: boot.proofCounts.list(), spentSources: boot.failures.count().spent },
      tlsExpiresAt: tls?.expiresAt ?? null,
    }),
  })
  const routers = [
    createApi(site, ROUTES, { addressOf, observe: metrics.observe }),
    createMetricsRouter(site, metrics, addressOf),
    createInviteRouter({ owner, app: pool, addressOf }),
    createVoicemailRouter({ owner, app: pool, vault, log }),
  ]
  const notes = () => ({ mail: mails ? (mails.away() === null ? 'ok' : 'away') : 'waiting for OFFHOOK_SMTP_URL' })
  keep('people', await startPeopleListener({ address: config.bind, port: config.httpPort, ready, notes, log, routers }))
  keep('passwords', startPasswordWorker({ url, pool: owner, vault, log }))
  const { models } = await app.desk()
  keep('claims', startClaimWorker({ url, pool: owner, desk: await app.desk(), log }))
  keep('retention', startRetentionWorker({ url, pool: owner, folder: shelf.folder, log }))
  keep('rollouts', startRolloutWorker({ url, pool: owner, families: await app.families(), log }))
  const isOpen = openAddresses(config.webhooksAllow)
  keep('webhooks', startWebhookWorker({ url, office: { pool: owner, vault, isOpen }, log }))
  keep('redirects', startRedirectWorker({ url, office: await app.redirects(), log }))
  keep('imports', startImportWorker({ url, key: key.reveal(), models, log }))
  if (ami) {
    ami.on('down', (error) => log.warn({ code: error.code }, 'asterisk is away'))
    ami.on('ready', () => log.info({}, 'asterisk is ready'))
    keep('outbox', startOutboxWorker({ url, pool: owner, ami, log }))
    const live = new LiveState(ami)
    keep('live state', closeLive(live))
    keep('registrations', startRegistrationWorker({ pool: owner, live, log }))
    const events = listResyncEvents(await app.families())
    keep('resyncs', startResyncWorker({ url, pool: owner, ami, live, boot, events, log }))
  }
}

async function openTls(app: App, { tlsCert, tlsKey, deviceCaDir }: Config): Promise<PhonesTls> {
  const makers = deviceCaDir === null ? null : { folder: deviceCaDir, families: await app.families() }
  return new PhonesTls({ certFile: tlsCert!, keyFile: tlsKey!, makers })
}

function startMulticast(boot: Boot, address: string, log: Logger) {
  const describe = ({ mac, source, vendor, model, version }: Asker) => {
    const words = [vendor, model, version].filter((word) => word !== null).join(' ')
    return { mac, source, words }
  }
  const hear = (outcome: 'told' | 'not-released', words: string) => (asker: Asker) => {
    const phone = describe(asker)
    boot.noteMulticast(phone, outcome)
    log.info(phone, words)
  }
  return startPnpServer({
    address,
    addressOf: (asker) => boot.addressByMulticast(describe(asker)),
    onTold: hear('told', 'a phone was told by multicast where its files are'),
    onStranger: hear('not-released', 'a phone that is not released asks by multicast where its files are'),
    log,
  })
}

function closeLive(live: LiveState): Closable {
  return {
    close() {
      live.close()
      return Promise.resolve()
    },
  }
}

/** Null, and a word in the log, when no mail server is named. */
async function startMails(app: App, config: Config, url: string, log: Logger) {
  const { vault } = await app.desk()
  const { publicUrl, sipHost, smtpUrl, mailFrom } = config
  const apps = { families: await app.families(), phonesUrl: config.phonesUrl }
  const office = { pool: await app.owner(), vault, publicUrl, sipHost, apps }
  if (smtpUrl !== null && mailFrom !== null)
    return startMailWorker({ url, office, smtp: parseSmtpUrl(smtpUrl.reveal()), sender: parseSender(mailFrom), log })
  await warnOfWaitingMails(office, log)
  return null
}
