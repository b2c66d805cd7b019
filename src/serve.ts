import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { App } from './cli/app.ts'
import { startPeopleListener } from './http/people-listener.ts'
import { startPhonesListener } from './http/phones-listener.ts'
import { startOutboxWorker } from './jobs/outbox-worker.ts'
import { startTftpServer } from './tftp/server.ts'

type Closable = { close(): Promise<unknown> }

/** Starts every listener and job, says where they are, and stops them in reverse when the process is told to. */
export async function serve(app: App, config: Config, url: string, log: Logger): Promise<void> {
  const running: Closable[] = []
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  try {
    const boot = await app.boot()
    const ami = app.ami()
    const { answer } = boot
    const web = { address: config.bind, answer, log, trustedProxy: config.trustedProxy }
    running.push(await startPhonesListener({ ...web, port: config.phonesPort }))
    if (config.phonesTlsPort !== null) {
      const tls = { cert: readFileSync(config.tlsCert!), key: readFileSync(config.tlsKey!) }
      running.push(await startPhonesListener({ ...web, port: config.phonesTlsPort, tls }))
    }
    if (config.tftpPort !== null)
      running.push(
        await startTftpServer({ address: config.bind, port: config.tftpPort, allow: config.tftpAllow, answer, log }),
      )
    const owner = await app.owner()
    const ready = {
      database: () => owner.query('select 1'),
      ...(ami && { asterisk: () => (ami.ready ? Promise.resolve() : Promise.reject(new Error('not connected'))) }),
    }
    running.push(await startPeopleListener({ address: config.bind, port: config.httpPort, ready }))
    if (ami) {
      ami.on('down', (error) => log.warn({ code: error.code }, 'asterisk is away'))
      ami.on('ready', () => log.info({}, 'asterisk is ready'))
      running.push(startOutboxWorker({ url, pool: owner, ami, log }))
    }
    log.info({ phones: config.phonesUrl, people: config.publicUrl, tftp: config.tftpPort }, 'offhook serves')
    log.info({ signal: await stopped }, 'offhook stops')
  } finally {
    for (const part of running.reverse()) await part.close()
  }
}
