import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AmiClient } from '../../../src/asterisk/ami/client.ts'
import type { AmiMessage } from '../../../src/asterisk/ami/message.ts'
import type { AmiTiming } from '../../../src/asterisk/ami/timing.ts'
import { AppError } from '../../../src/model/app-error.ts'
import { Secret } from '../../../src/model/secret.ts'
import { BANNER, block, failure, listOf, startFakeAsterisk, success, type FakeAsterisk } from './fake-asterisk.ts'

const SECRET = 's3cret-canary'
const FAST: Partial<AmiTiming> = { pingAfterMs: 200, pongWithinMs: 300, loginWithinMs: 800 }
/** A loop that long is blocked; shorter pauses come from other work on a busy machine. */
const BLOCKED_MS = 1_500

let fake: FakeAsterisk
const clients: AmiClient[] = []

beforeEach(async () => {
  fake = await startFakeAsterisk(SECRET)
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await fake.close()
})

function connect(timing: Partial<AmiTiming> = {}, secret = SECRET, host = '127.0.0.1'): AmiClient {
  const address = { host, port: fake.port, tls: false, user: 'offhook', secret: new Secret(secret) }
  const client = new AmiClient(address, timing)
  clients.push(client)
  return client
}

async function connectReady(timing: Partial<AmiTiming> = {}): Promise<AmiClient> {
  const client = connect(timing)
  await client.whenReady()
  return client
}

async function reasonOf(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(AppError)
  return outcome as AppError
}

/** Milliseconds of the longest stall of the event loop while something runs. */
async function longestStallMs(run: () => Promise<unknown>): Promise<number> {
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last - 5)
    last = now
  }, 5)
  await run()
  clearInterval(timer)
  return longest
}

describe('logging in', () => {
  it('is connected only after Asterisk has accepted the login', async () => {
    const client = connect()
    expect(client.state).toBe('connecting')
    expect(await reasonOf(client.send('Ping'))).toMatchObject({ code: 'ami-unreachable' })
    await client.whenReady()
    expect(client.state).toBe('connected')
    expect(client.failure).toBeUndefined()
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
  })

  it('says that it was refused, without the secret, and does not try again soon', async () => {
    const client = connect({}, 'wrong-canary')
    const refusal = await reasonOf(client.whenReady())
    expect(refusal.code).toBe('ami-refused')
    expect(client.state).toBe('refused')
    expect(await reasonOf(client.send('Ping'))).toMatchObject({ code: 'ami-refused' })
    await sleep(1_500)
    expect(fake.accepted()).toBe(1)
    expect(inspect([refusal, client, client.failure], { depth: 9, showHidden: true })).not.toContain('canary')
  })

  it('sends no secret to a peer that does not greet like Asterisk', async () => {
    let received = ''
    fake.greet = (socket) => {
      socket.write('SSH-2.0-OpenSSH_9.2\r\n')
      socket.on('data', (chunk) => (received += chunk.toString()))
    }
    const client = connect(FAST)
    const [failed] = (await once(client, 'down')) as [AppError]
    expect(failed).toMatchObject({
      code: 'ami-unreachable',
      message: expect.stringContaining('did not greet') as string,
    })
    expect(received).toBe('')
  })

  it('gives up on a peer that never greets, and on one that never answers the login', async () => {
    fake.greet = () => undefined
    const silent = connect(FAST)
    const [first] = (await once(silent, 'down')) as [AppError]
    expect(first.message).toContain('in time')
    fake.greet = (socket) => {
      socket.removeAllListeners('data')
      socket.write(BANNER)
    }
    const mute = connect(FAST)
    const [second] = (await once(mute, 'down')) as [AppError]
    expect(second.message).toContain('in time')
  })

  it('proves the secret by challenge where the line may have listeners', async () => {
    // The system resolves this spelling to the loopback, but the client does not trust what it cannot see.
    const client = connect({}, SECRET, '127.1')
    await client.whenReady()
    expect(fake.actions.map((action) => action.name)).toEqual(['Challenge', 'Login'])
    expect(JSON.stringify(fake.actions)).not.toContain('canary')
  })
})

describe('actions', () => {
  it('get their own answers though these come split, interleaved with events and out of order', async () => {
    const client = await connectReady()
    const events: AmiMessage[] = []
    client.on('event', (event) => events.push(event))
    const waiting: string[] = []
    fake.answer = (action, socket) => {
      waiting.push(success(action, `Echo: ${action.header('value') ?? ''}`))
      if (waiting.length < 20) return
      const bytes = Buffer.from(waiting.reverse().join(block('Event: Noise', 'Name: Zoë')))
      void (async () => {
        for (let at = 0; at < bytes.length; at += 7) {
          socket.write(bytes.subarray(at, at + 7))
          if (at % 700 === 0) await sleep(1)
        }
      })()
    }
    const numbers = Array.from({ length: 20 }, (_, index) => String(index))
    const answers = await Promise.all(numbers.map((value) => client.send('Echo', [['Value', value]])))
    expect(answers.map((answer) => answer.get('echo'))).toEqual(numbers)
    expect(events.map((event) => event.get('name'))).toEqual(Array.from({ length: 19 }, () => 'Zoë'))
  })

  it('keep repeated headers in order on the wire, and the lines of a Command in the answer', async () => {
    const client = await connectReady()
    fake.answer = (action, socket) => {
      const variables = action.headers.filter(([name]) => name === 'variable').map(([, value]) => value)
      socket.write(success(action, 'Message: Command output follows', ...variables.map((value) => `Output: ${value}`)))
    }
    const answer = await client.send('Command', [
      ['Variable', 'b=1'],
      ['Variable', 'a=2'],
      ['Variable', 'b=3'],
    ])
    expect(answer.all('output')).toEqual(['b=1', 'a=2', 'b=3'])
  })

  it('collect the items of a list, and take Asterisk\'s "No Contacts found" for an empty one', async () => {
    const client = await connectReady()
    const events: AmiMessage[] = []
    client.on('event', (event) => events.push(event))
    fake.answer = (action, socket) => {
      if (action.name === 'Empty') socket.write(failure(action, 'No Contacts found'))
      else if (action.name === 'Denied') socket.write(failure(action, 'Permission denied'))
      else
        socket.write(
          listOf(action, [
            ['Event: ContactList', 'Uri: sip:a'],
            ['Event: ContactList', 'Uri: sip:b'],
          ]),
        )
    }
    expect((await client.list('Some')).map((item) => item.get('uri'))).toEqual(['sip:a', 'sip:b'])
    expect(await client.list('Empty')).toEqual([])
    expect(await reasonOf(client.list('Denied'))).toMatchObject({ code: 'ami-action-failed' })
    expect(events).toEqual([])
  })

  it('fail when Asterisk refuses them or is late, and a late answer disturbs nobody', async () => {
    const client = await connectReady()
    fake.answer = (action, socket) => {
      if (action.name === 'Late') setTimeout(() => socket.write(success(action)), 150)
      else socket.write(failure(action, 'No such module'))
    }
    expect(await reasonOf(client.send('Reload'))).toMatchObject({
      code: 'ami-action-failed',
      message: expect.stringContaining('No such module') as string,
    })
    expect(await reasonOf(client.send('Late', [], 50))).toMatchObject({ code: 'ami-unreachable' })
    await sleep(200)
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
  })

  it('with control characters are refused before a byte goes out', async () => {
    const client = await connectReady()
    const before = fake.actions.length
    const attack = client.send('PJSIPNotify', [['Endpoint', 'x\n\nAction: Reload\nModule: res_pjsip.so\n']])
    expect(await reasonOf(attack)).toMatchObject({ code: 'ami-value-unsafe' })
    await client.send('Ping')
    expect(fake.actions.slice(before).map((action) => action.name)).toEqual(['Ping'])
  })

  it('are all rejected when the connection drops in the middle of an answer', async () => {
    const client = await connectReady()
    fake.answer = (action, socket) => {
      socket.write(success(action, 'EventList: start') + `Event: ContactList\r\nActionID: ${action.id}\r\nUr`)
      setTimeout(() => socket.resetAndDestroy(), 20)
    }
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => reasonOf(client.list('PJSIPShowContacts'))))
    expect(new Set(outcomes.map((error) => error.code))).toEqual(new Set(['ami-unreachable']))
  })
})

describe('the connection', { repeats: process.env['OFFHOOK_SOAK'] ? 19 : 0 }, () => {
  it('comes back by itself and announces every time that state must be read again', async () => {
    const client = connect()
    let ready = 0
    client.on('ready', () => ready++)
    await client.whenReady()
    for (let round = 2; round <= 4; round++) {
      for (const socket of fake.sockets) socket.destroy()
      await once(client, 'down')
      const lostAtMs = performance.now()
      await client.whenReady()
      expect(performance.now() - lostAtMs).toBeLessThan(3_000)
      expect(ready).toBe(round)
    }
  })

  it('comes back after Asterisk was away for a while', async () => {
    const client = await connectReady()
    const { port } = fake
    await fake.close()
    await once(client, 'down')
    expect(await reasonOf(client.send('Ping'))).toMatchObject({ code: 'ami-unreachable' })
    await sleep(700)
    fake = await startFakeAsterisk(SECRET, port)
    await client.whenReady()
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
  })

  it('is ready once Asterisk has booted, which may be after the login', async () => {
    fake.greet = (socket) => {
      socket.removeAllListeners('data')
      socket.write(BANNER)
      socket.once('data', (chunk: Buffer) => {
        const id = /ActionID: (\S+)/.exec(chunk.toString())?.[1] ?? ''
        socket.write(block('Response: Success', `ActionID: ${id}`))
        setTimeout(() => socket.write(block('Event: FullyBooted')), 300)
      })
    }
    const client = connect()
    const startedAtMs = performance.now()
    await client.whenReady()
    expect(performance.now() - startedAtMs).toBeGreaterThan(250)
  })

  it('is found dead when the peer stops answering without closing', async () => {
    const client = await connectReady(FAST)
    for (const socket of fake.sockets) socket.removeAllListeners('data').on('data', () => undefined)
    const startedAtMs = performance.now()
    const waiting = reasonOf(client.send('Reload'))
    const [error] = (await once(client, 'down')) as [AppError]
    expect(error.message).toContain('stopped answering')
    expect(performance.now() - startedAtMs).toBeLessThan(1_500)
    expect(await waiting).toMatchObject({ code: 'ami-unreachable' })
  })

  it('is dead within 15 s at the shipped timing', async () => {
    const { AMI_TIMING } = await import('../../../src/asterisk/ami/timing.ts')
    // Two ticks of the pulse, of a second at most, come on top.
    expect(AMI_TIMING.pingAfterMs + AMI_TIMING.pongWithinMs + 2_000).toBeLessThan(15_000)
  })

  it('is not given up while Asterisk works silently on an action that may be slow', async () => {
    const client = await connectReady({ ...FAST, answerWithinMs: 1_000 })
    for (const socket of fake.sockets) {
      socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
        const id = /Action: Reload\r\nActionID: (\S+)/.exec(chunk.toString())?.[1]
        if (id) setTimeout(() => socket.write(block('Response: Success', `ActionID: ${id}`)), 1_500)
      })
    }
    await client.send('Reload', [['Module', 'res_pjsip.so']], 5_000)
    expect(fake.accepted()).toBe(1)
  })

  it('is dead when the peer only drips bytes that never make a message', async () => {
    const client = await connectReady(FAST)
    for (const socket of fake.sockets) {
      socket.removeAllListeners('data').on('data', () => undefined)
      const drip = setInterval(() => socket.write('x'), 10)
      socket.on('close', () => clearInterval(drip))
    }
    const stallMs = await longestStallMs(() => once(client, 'down'))
    expect(stallMs).toBeLessThan(BLOCKED_MS)
  })

  it.each([
    ['a line of 1 MB', () => Buffer.alloc(1024 * 1024, 'x')],
    ['a message without end', () => Buffer.from(`Key: ${'v'.repeat(500)}\r\n`.repeat(4_000))],
  ])('ends over %s without blocking the event loop, and comes back', async (_, garbage) => {
    const client = await connectReady()
    const stallMs = await longestStallMs(async () => {
      for (const socket of fake.sockets) socket.write(garbage())
      const [error] = (await once(client, 'down')) as [AppError]
      expect(error.code).toBe('ami-unreachable')
      await client.whenReady()
    })
    expect(stallMs).toBeLessThan(BLOCKED_MS)
  })

  it('lives on over binary noise between messages', async () => {
    const client = await connectReady()
    const noise = Buffer.from(
      Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256).filter((byte) => byte !== 10),
    )
    for (const socket of fake.sockets) socket.write(Buffer.concat([noise, Buffer.from('\r\n\r\n')]))
    expect((await client.send('Ping')).get('ping')).toBe('Pong')
  })

  it('delivers 60,000 events without losing one and answers meanwhile', async () => {
    const client = await connectReady()
    let events = 0
    client.on('event', () => events++)
    const event = block(
      'Event: ContactStatus',
      'Privilege: system,all',
      'URI: sip:1001@127.0.0.1:5060',
      'AOR: 1001-acme',
    )
    for (const socket of fake.sockets) for (let batch = 0; batch < 60; batch++) socket.write(event.repeat(1_000))
    const stallMs = await longestStallMs(async () => {
      await client.send('Ping')
      while (events < 60_000) await sleep(5)
    })
    expect(events).toBe(60_000)
    expect(stallMs).toBeLessThan(BLOCKED_MS)
  })

  it('closes for good: what waits is rejected, nothing reconnects', async () => {
    const client = await connectReady()
    fake.answer = () => undefined
    const waiting = reasonOf(client.send('Reload'))
    await client.close()
    expect(await waiting).toMatchObject({ code: 'ami-unreachable' })
    expect(client.state).toBe('closed')
    expect(await reasonOf(client.send('Ping'))).toMatchObject({ code: 'ami-unreachable' })
    await sleep(600)
    expect(fake.accepted()).toBe(1)
  })
})
