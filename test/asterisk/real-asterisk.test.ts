import { once } from 'node:events'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import AsteriskManager from 'asterisk-manager'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseAmiUrl, type AmiAddress } from '../../src/asterisk/ami/address.ts'
import { AmiClient } from '../../src/asterisk/ami/client.ts'
import { LiveState } from '../../src/asterisk/live-state.ts'
import { reloadModule } from '../../src/asterisk/reload-module.ts'
import { escapeVariable, resync } from '../../src/asterisk/resync.ts'
import { addTenantContext, removeTenantContext } from '../../src/asterisk/tenant-context.ts'
import { Secret } from '../../src/model/secret.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { startAsterisk, type RunningAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { SipPhone } from '../support/sip/phone.ts'

const RUNS = process.env['OFFHOOK_SOAK'] ? 1_000 : 50
const PASSWORD = 'sip-secret-1'
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index))

let database: TestDatabase
let asterisk: RunningAsterisk
let address: AmiAddress
const closing: { close(): unknown }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  asterisk = await startAsterisk({ database: database.asterisk, tenants: ['acme'] })
  // An account with exactly the classes that Offhook needs: all of what follows runs on it.
  await appendFile(
    join(asterisk.directory, 'etc/site/manager.conf'),
    '[least]\nsecret = least-secret\nread = system,call\nwrite = system,config,reporting\n',
  )
  await asterisk.cli('manager reload')
  address = { ...parseAmiUrl(asterisk.amiUrl), user: 'least', secret: new Secret('least-secret') }
})

afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()))
})

afterAll(async () => {
  await asterisk.stop()
  await database.close()
})

function track<T extends { close(): unknown }>(each: T): T {
  closing.push(each)
  return each
}

async function connect(where: AmiAddress = address): Promise<AmiClient> {
  const client = track(new AmiClient(where))
  await client.whenReady()
  return client
}

async function addEndpoint(id: string, context: string): Promise<void> {
  await database.query(
    `insert into asterisk.ps_aors (id, max_contacts, qualify_frequency) values ($1, 2, 0) on conflict do nothing`,
    [id],
  )
  await database.query(
    `insert into asterisk.ps_auths (id, auth_type, username, password) values ($1, 'userpass', $1, $2)
     on conflict do nothing`,
    [id, PASSWORD],
  )
  await database.query(
    `insert into asterisk.ps_endpoints (id, aors, auth, context, disallow, allow, direct_media)
     values ($1, $1, $1, $2, 'all', 'ulaw', 'no') on conflict do nothing`,
    [id, context],
  )
}

async function openPhone(user: string): Promise<SipPhone> {
  const phone = track(await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, user, password: PASSWORD }))
  await phone.register()
  return phone
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 1_000; !condition(); left--) {
    if (left === 0) throw new Error('the expected state did not come')
    await sleep(10)
  }
}

describe('against a real Asterisk, the client', () => {
  it('logs in and is answered, with the secret as with a challenge', async () => {
    const client = await connect()
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
    // The system resolves this spelling to the loopback; the client does not count on it and takes the challenge.
    const careful = await connect({ ...address, host: '127.1' })
    expect((await careful.send('Ping')).get('ping')).toBe('Pong')
  })

  it('names a wrong secret and knocks once only', async () => {
    const client = track(new AmiClient({ ...address, secret: new Secret('wrong-canary') }))
    await expect(client.whenReady()).rejects.toMatchObject({ code: 'ami-refused' })
    await sleep(1_000)
    expect(asterisk.log().match(/failed to authenticate as 'least'/g)).toHaveLength(1)
  })

  it('has an action with a line feed refused before Asterisk sees it', async () => {
    const client = await connect()
    const attack = client.send('Ping', [['Note', 'hello\n\nAction: Reload\nModule: res_pjsip.so\n']])
    await expect(attack).rejects.toMatchObject({ code: 'ami-value-unsafe' })
  })

  it('may neither originate calls nor run commands on the account that it needs', async () => {
    const client = await connect()
    for (const action of ['Originate', 'Command', 'Redirect', 'Setvar']) {
      await expect(client.send(action, [['Command', 'core show version']])).rejects.toThrow('Permission denied')
    }
  })

  it('works over TLS, and only with the authority that signed', async () => {
    const port = await findFreePorts(1)
    const key = asterisk.certificateFile.replace(/\.crt$/, '.key')
    await appendFile(
      join(asterisk.directory, 'etc/site/manager.conf'),
      `[general](+)\ntlsenable = yes\ntlsbindaddr = 127.0.0.1:${port}\ntlscertfile = ${asterisk.certificateFile}\ntlsprivatekey = ${key}\n`,
    )
    await asterisk.cli('manager reload')
    const secure = { ...address, port, tls: true }
    const client = await connect({ ...secure, caFile: asterisk.certificateFile })
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
    const unsigned = track(new AmiClient(secure))
    const [error] = (await once(unsigned, 'down')) as [Error]
    expect(error).toMatchObject({ code: 'ami-unreachable', message: expect.stringContaining('certificate') as string })
  })
})

describe('against a real Asterisk, the commands', () => {
  it('reload a module, which an independent client sees, and name one that does not exist', async () => {
    const client = await connect()
    const { host, port, user, secret } = parseAmiUrl(asterisk.amiUrl)
    const observer = new AsteriskManager(port, host, user, secret.reveal(), true)
    closing.push({ close: () => observer.disconnect() })
    await once(observer, 'fullybooted')
    const seen = once(observer, 'reload')
    await reloadModule(client, 'res_pjsip.so')
    expect((await seen)[0]).toMatchObject({ module: 'res_pjsip.so', status: '0' })
    await expect(reloadModule(client, 'res_nothing.so')).rejects.toMatchObject({
      code: 'ami-action-failed',
      message: expect.stringContaining('No such module') as string,
    })
  })

  it('all succeed when several ask for the same reload at once', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect()))
    await Promise.all(clients.map((client) => reloadModule(client, 'res_pjsip.so')))
  })

  it('ask a registered phone to fetch its configuration, the semicolon in the header kept', async () => {
    await addEndpoint('1101-acme', 't-acme')
    const phone = await openPhone('1101-acme')
    const client = await connect()
    await resync(client, '1101-acme', 'check-sync;reboot=false')
    expect((await phone.nextNotify()).event).toBe('check-sync;reboot=false')
    await expect(resync(client, '1999-acme', 'check-sync')).rejects.toMatchObject({ code: 'ami-action-failed' })
    await expect(resync(client, '1101-acme\n', 'check-sync')).rejects.toMatchObject({ code: 'ami-value-unsafe' })
  })

  it('carry any printable value through Asterisk to the phone unchanged', async () => {
    await addEndpoint('1102-acme', 't-acme')
    const phone = await openPhone('1102-acme')
    const client = await connect()
    const printable = fc.string({ unit: fc.constantFrom(...PRINTABLE), maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(printable, async (text) => {
        const value = `x${text}x`
        const variables = ['Event=check-sync', 'Content-Type=text/plain', `Content=${escapeVariable(value)}`]
        await client.send('PJSIPNotify', [
          ['Endpoint', '1102-acme'],
          ...variables.map((variable) => ['Variable', variable] as const),
        ])
        expect((await phone.nextNotify()).body).toBe(value)
      }),
      { numRuns: RUNS },
    )
  })

  it('make a new tenant reachable while Asterisk runs, and take it away again', async () => {
    const client = await connect()
    await addEndpoint('1001-globex', 't-globex')
    const phone = await openPhone('1001-globex')
    const echo = () => phone.call('*43').then((call) => call.answered())
    await expect(echo()).rejects.toMatchObject({ status: 404 })
    await expect(phone.watch('1001')).rejects.toMatchObject({ status: 404 })

    await addTenantContext(client, 'globex')
    await addTenantContext(client, 'globex')
    await phone.watch('1001')
    await (await echo()).hangUp()
    expect((await asterisk.cli('dialplan show t-globex')).match(/'_X!'/g)).toHaveLength(1)

    await removeTenantContext(client, 'globex')
    await removeTenantContext(client, 'globex')
    expect(await asterisk.cli('dialplan show t-globex')).toContain('no existence')
    expect(await asterisk.cli('dialplan show t-acme')).toContain('_X!')
  })

  it.each(['', 'a', 'Acme', 'a_b', 'acme]', 'seventeencharsxxx', 'acme\n'])('refuse the slug %j', async (slug) => {
    const client = await connect()
    await expect(addTenantContext(client, slug)).rejects.toMatchObject({ code: 'input-invalid' })
  })

  it('say so when the context does not become part of the dialplan', async () => {
    const client = await connect()
    const file = join(asterisk.directory, 'etc/extensions.conf')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('#include "tenants.conf"', ''))
    await expect(addTenantContext(client, 'initech')).rejects.toThrow('does extensions.conf include tenants.conf')
    await writeFile(file, text)
    await addTenantContext(client, 'initech')
  })
})

describe('against a real Asterisk, the live state', { repeats: process.env['OFFHOOK_SOAK'] ? 19 : 0 }, () => {
  it('follows registration, call and end, and is read again after `core restart now`', async () => {
    await addEndpoint('1201-acme', 't-acme')
    const client = await connect()
    const live = track(new LiveState(client))
    await reloadModule(client, 'res_pjsip.so')
    await until(() => live.current)
    expect(live.endpoint('1201-acme')).toEqual({ state: 'UNAVAILABLE', contacts: [] })

    const phone = await openPhone('1201-acme')
    // Asterisk announces the state and the contact in either order.
    await until(() => live.endpoint('1201-acme').state === 'NOT_INUSE')
    await until(() => live.endpoint('1201-acme').contacts.length === 1)
    expect(live.endpoint('1201-acme').contacts).toMatchObject([{ uri: phone.contact, status: 'unqualified' }])

    const startedAtMs = performance.now()
    const down = once(client, 'down')
    await asterisk.cli('core restart now').catch(() => undefined)
    await down
    expect(live.current).toBe(false)
    await until(() => live.current)
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    expect(live.endpoint('1201-acme')).toMatchObject({ state: 'NOT_INUSE', contacts: [{ uri: phone.contact }] })

    await phone.unregister()
    await until(() => live.endpoint('1201-acme').contacts.length === 0)
    await until(() => live.endpoint('1201-acme').state === 'UNAVAILABLE')
  })

  it('comes back after Asterisk was killed', async () => {
    const client = await connect()
    const live = track(new LiveState(client))
    await until(() => live.current)
    const down = once(client, 'down')
    await asterisk.restart('SIGKILL')
    await down
    await until(() => live.current)
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
  })
})
