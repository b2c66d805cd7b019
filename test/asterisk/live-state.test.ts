import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AmiClient } from '../../src/asterisk/ami/client.ts'
import { LiveState } from '../../src/asterisk/live-state.ts'
import { Secret } from '../../src/model/secret.ts'
import { block, failure, listOf, startFakeAsterisk, success, type FakeAsterisk } from './ami/fake-asterisk.ts'

const URI = 'sip:1001-acme@127.0.0.1:40001'

let fake: FakeAsterisk
let client: AmiClient
let live: LiveState
let contacts: string[][]
let devices: string[][]

beforeEach(async () => {
  contacts = []
  devices = []
  fake = await startFakeAsterisk()
  fake.answer = (action, socket) => {
    if (action.name === 'PJSIPShowContacts') {
      socket.write(contacts.length > 0 ? listOf(action, contacts) : failure(action, 'No Contacts found'))
    } else if (action.name === 'DeviceStateList') socket.write(listOf(action, devices))
    else socket.write(success(action))
  }
  const secret = new Secret('s3cret-canary')
  client = new AmiClient({ host: '127.0.0.1', port: fake.port, tls: false, user: 'offhook', secret })
  live = new LiveState(client)
})

afterEach(async () => {
  live.close()
  await client.close()
  await fake.close()
})

function send(...events: string[]): void {
  for (const socket of fake.sockets) socket.write(events.join(''))
}

function contactStatus(status: string, uri = URI, endpoint = '1001-acme', ...more: string[]): string {
  return block('Event: ContactStatus', `URI: ${uri}`, `ContactStatus: ${status}`, `EndpointName: ${endpoint}`, ...more)
}

function listedContact(endpoint: string, uri: string): string[] {
  return ['Event: ContactList', `Endpoint: ${endpoint}`, `Aor: ${endpoint}`, `Uri: ${uri}`, 'Status: NonQualified']
}

function deviceState(endpoint: string, state: string): string {
  return block('Event: DeviceStateChange', `Device: PJSIP/${endpoint}`, `State: ${state}`)
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 400; !condition(); left--) {
    if (left === 0) throw new Error('the expected state did not come')
    await sleep(5)
  }
}

describe('the live state', () => {
  it('says that nothing is known before Asterisk was read, and unavailable afterwards', async () => {
    expect(live.current).toBe(false)
    expect(live.endpoint('1001-acme')).toEqual({ state: 'UNKNOWN', contacts: [] })
    await until(() => live.current)
    expect(live.endpoint('1001-acme')).toEqual({ state: 'UNAVAILABLE', contacts: [] })
  })

  it('starts from the lists of Asterisk', async () => {
    contacts = [[...listedContact('1001-acme', URI), 'UserAgent: Yealink SIP-T46U', 'RoundtripUsec: 1200']]
    devices = [
      ['Event: DeviceStateChange', 'Device: PJSIP/1001-acme', 'State: INUSE'],
      ['Event: DeviceStateChange', 'Device: PJSIP/1002-acme', 'State: UNAVAILABLE'],
      ['Event: DeviceStateChange', 'Device: Queue:sales', 'State: INUSE'],
    ]
    await until(() => live.current)
    expect(live.endpoint('1001-acme')).toEqual({
      state: 'INUSE',
      contacts: [{ uri: URI, status: 'unqualified', userAgent: 'Yealink SIP-T46U', roundtripUsec: 1200 }],
    })
    expect(live.size).toBe(1)
  })

  it('follows a phone from its registration to its end, and holds nothing of it afterwards', async () => {
    await until(() => live.current)
    const changes: string[] = []
    live.onChange((id) => changes.push(id))
    send(contactStatus('NonQualified', URI, '1001-acme', 'UserAgent: baresip'), deviceState('1001-acme', 'NOT_INUSE'))
    await until(() => live.endpoint('1001-acme').state === 'NOT_INUSE')
    send(contactStatus('Reachable', URI, '1001-acme', 'RoundtripUsec: 900'), contactStatus('Updated'))
    await until(() => live.endpoint('1001-acme').contacts[0]?.status === 'reachable')
    expect(live.endpoint('1001-acme').contacts).toEqual([
      { uri: URI, status: 'reachable', userAgent: 'baresip', roundtripUsec: 900 },
    ])
    send(contactStatus('Removed'), deviceState('1001-acme', 'UNAVAILABLE'))
    await until(() => live.size === 0)
    expect(new Set(changes)).toEqual(new Set(['1001-acme']))
    expect(live.endpoint('1001-acme')).toEqual({ state: 'UNAVAILABLE', contacts: [] })
  })

  it('forgets where a phone was when its endpoint is no more, though no event says so', async () => {
    await until(() => live.current)
    send(contactStatus('NonQualified'), deviceState('1001-acme', 'NOT_INUSE'))
    await until(() => live.endpoint('1001-acme').contacts.length === 1)
    send(deviceState('1001-acme', 'INVALID'))
    await until(() => live.size === 0)
  })

  it('tells only of what changed, and no more after being unsubscribed', async () => {
    await until(() => live.current)
    const changes: string[] = []
    const stop = live.onChange((id) => changes.push(id))
    send(deviceState('1001-acme', 'INUSE'), deviceState('1001-acme', 'INUSE'), deviceState('1002-acme', 'RINGING'))
    await until(() => live.size === 2)
    expect(changes).toEqual(['1001-acme', '1002-acme'])
    stop()
    send(deviceState('1001-acme', 'NOT_INUSE'))
    await until(() => live.endpoint('1001-acme').state === 'NOT_INUSE')
    expect(changes).toHaveLength(2)
  })

  it('loses no event that arrives while the lists are read', async () => {
    await until(() => live.current)
    contacts = [listedContact('1001-acme', URI)]
    const answer = fake.answer
    fake.answer = (action, socket) => {
      answer(action, socket)
      // In one packet with the end of the list, and between the two lists.
      if (action.name === 'PJSIPShowContacts') socket.write(contactStatus('Removed') + deviceState('1003-acme', 'BUSY'))
    }
    for (const socket of fake.sockets) socket.destroy()
    await until(() => !live.current)
    await until(() => live.current)
    expect(live.endpoint('1001-acme').contacts).toEqual([])
    expect(live.endpoint('1003-acme').state).toBe('BUSY')
  })

  it('keeps the last known while disconnected and reads anew after every reconnect', async () => {
    contacts = [listedContact('1001-acme', URI), listedContact('1002-acme', 'sip:1002@127.0.0.1:2')]
    await until(() => live.current)
    const changes: string[] = []
    live.onChange((id) => changes.push(id))
    contacts = [listedContact('1002-acme', 'sip:1002@127.0.0.1:2')]
    for (const socket of fake.sockets) socket.destroy()
    await once(client, 'down')
    expect(live.current).toBe(false)
    expect(live.endpoint('1001-acme').contacts).toHaveLength(1)
    await until(() => live.current)
    expect(live.endpoint('1001-acme').contacts).toEqual([])
    expect(live.endpoint('1002-acme').contacts).toHaveLength(1)
    expect(changes).toEqual(['1001-acme'])
  })

  it('goes on from events and names the problem when Asterisk does not list', async () => {
    fake.answer = (action, socket) => void socket.write(failure(action, 'Permission denied'))
    await until(() => live.problem !== undefined)
    expect(live.problem).toMatchObject({ code: 'ami-action-failed' })
    expect(live.current).toBe(false)
    send(deviceState('1001-acme', 'INUSE'))
    await until(() => live.endpoint('1001-acme').state === 'INUSE')
  })

  it('stays small when phones come and go, also 60,000 times', async () => {
    await until(() => live.current)
    for (let batch = 0; batch < 60; batch++) {
      const events = Array.from({ length: 500 }, (_, index) => {
        const uri = `sip:x@127.0.0.1:${batch * 500 + index}`
        return contactStatus('NonQualified', uri) + contactStatus('Removed', uri)
      })
      send(...events)
    }
    send(deviceState('1009-acme', 'INUSE'))
    await until(() => live.endpoint('1009-acme').state === 'INUSE')
    expect(live.size).toBe(1)
  })
})
