import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { CLOUD_NAMES } from '../../src/redirect/clouds.ts'
import type { Connector } from '../../src/redirect/connector.ts'
import { RedirectFailure } from '../../src/redirect/fault.ts'
import { FAKES } from './fakes/all.ts'
import type { FakeCloud } from './fakes/fake-cloud.ts'
import { HERE, OPEN, openConnector } from './open-connector.ts'

/** Services that know nothing of one phone's address. */
const WITHOUT_ADDRESS = ['grandstream-gdms']
/** Services that tell which address they hold. */
const TELLING = ['yealink-ymcs', 'snom-sraps', 'poly-ztp', 'fanvil-fdps', 'gigaset-grape']

describe.each(CLOUD_NAMES)('%s', (name) => {
  let fake: FakeCloud
  let connector: Connector

  beforeEach(async () => {
    fake = await FAKES[name]()
    connector = openConnector(name, fake)
  })
  afterEach(async () => {
    await fake.close()
    expect(fake.faults).toEqual([])
  })

  const place = (n: number, address = HERE) => ({ ...fake.phone(n), address })
  const here = () => (WITHOUT_ADDRESS.includes(name) ? null : HERE.reveal())

  test('sends phones here, says so, and forgets them again', async () => {
    const phones = [1, 2, 3].map((n) => place(n))
    const outcomes = await connector.register(phones, OPEN)
    expect([...outcomes]).toEqual(phones.map(({ mac }) => [mac, null]))
    for (const { mac } of phones) expect(fake.held(mac)).toBe(here())
    const found = await connector.find([...phones, place(4)], OPEN)
    for (const { mac } of phones)
      expect(found.get(mac)).toEqual({ state: 'ours', address: TELLING.includes(name) ? HERE : null })
    expect(found.get(fake.phone(4).mac)).toEqual({ state: 'absent' })
    const gone = await connector.unregister(phones.slice(0, 2), OPEN)
    expect([...gone.values()]).toEqual([null, null])
    expect(phones.map(({ mac }) => fake.held(mac))).toEqual([undefined, undefined, here()])
  })

  test('doing the same twice is the same as once', async () => {
    for (let round = 0; round < 2; round++) {
      expect([...(await connector.register([place(1)], OPEN)).values()]).toEqual([null])
      expect(fake.held(fake.phone(1).mac)).toBe(here())
    }
    for (let round = 0; round < 2; round++)
      expect([...(await connector.unregister([fake.phone(1)], OPEN)).values()]).toEqual([null])
    expect(fake.held(fake.phone(1).mac)).toBeUndefined()
  })

  if (!WITHOUT_ADDRESS.includes(name))
    test('sends a phone elsewhere when its address is another one', async () => {
      await connector.register([place(1), place(2)], OPEN)
      const there = new Secret('https://phones.example.org/AAAAAAAAAAAAAAAAAAAAAA/')
      expect([...(await connector.register([place(1, there)], OPEN)).values()]).toEqual([null])
      expect([fake.held(fake.phone(1).mac), fake.held(fake.phone(2).mac)]).toEqual([there.reveal(), HERE.reveal()])
    })

  test('a phone of another account or maker is refused by name, with what to do, and the others go through', async () => {
    const phones = [place(1), { ...fake.foreign, address: HERE }, { ...fake.alien, address: HERE }, place(2)]
    const outcomes = await connector.register(phones, OPEN)
    expect(outcomes.get(phones[0]!.mac)).toBeNull()
    expect(outcomes.get(phones[3]!.mac)).toBeNull()
    const [foreign, alien] = [outcomes.get(fake.foreign.mac)!, outcomes.get(fake.alien.mac)!]
    for (const fault of [foreign, alien]) {
      expect(fault).toMatchObject({ field: 'mac' })
      expect(fault.message).toMatch(/\.$/)
      expect(fault.cure).toMatch(/label|owner|account/)
    }
    // Grandstream tells numbers whose meaning is not documented.
    expect(foreign.code).toBe(name === 'grandstream-gdms' ? 'refused' : 'owned-elsewhere')
    expect(alien.code).toBe(name === 'grandstream-gdms' ? 'refused' : 'mac-refused')
    expect([fake.held(fake.foreign.mac), fake.held(fake.alien.mac)]).toEqual([undefined, undefined])
  })

  test('sees that somebody took a phone away or sent it somewhere else', async () => {
    await connector.register([place(1), place(2)], OPEN)
    fake.alter(fake.phone(1).mac, null)
    fake.alter(fake.phone(2).mac, 'https://evil.example.org/')
    const found = await connector.find([place(1), place(2)], OPEN)
    expect(found.get(fake.phone(1).mac)).toEqual({ state: 'absent' })
    const second = found.get(fake.phone(2).mac)
    if (name === 'grandstream-gdms') expect(second).toEqual({ state: 'elsewhere' })
    else if (TELLING.includes(name))
      expect(second?.state === 'ours' && second.address !== null && !second.address.equals(HERE)).toBe(true)
    else expect(second).toEqual({ state: 'ours', address: null })
  })

  test('lists what the account holds, however many', async () => {
    const phones = Array.from({ length: 205 }, (_, at) => place(at + 1))
    for (let at = 0; at < phones.length; at += 50) await connector.register(phones.slice(at, at + 50), OPEN)
    if (!connector.list) {
      expect(name).toBe('gigaset-redirect')
      return
    }
    const listed = await connector.list(OPEN)
    expect([...listed.keys()].sort()).toEqual(phones.map(({ mac }) => mac).sort())
    const many = await connector.find(phones, OPEN)
    expect([...many.values()].every(({ state }) => state === 'ours')).toBe(true)
  })

  test('is asked again when it is overloaded, away for a moment or hangs up', async () => {
    fake.trouble({ status: 429, headers: { 'retry-after': '0' } }, { status: 503 })
    expect([...(await connector.register([place(1)], OPEN)).values()]).toEqual([null])
    fake.trouble('hang-up')
    expect((await connector.find([place(1)], OPEN)).get(fake.phone(1).mac)?.state).toBe('ours')
  })

  test.each([
    ['rate-limited', Array(3).fill({ status: 429 })],
    ['rate-limited', [{ status: 429, headers: { 'retry-after': '600' } }]],
    ['failing', Array(3).fill({ status: 500 })],
    ['unreachable', Array(3).fill('silence')],
    ['unreachable', Array(3).fill('half')],
    ['unreachable', Array(3).fill('hang-up')],
    ['unreadable', ['garbage']],
    ['unreadable', [{ status: 302, headers: { location: 'https://evil.example.org/' } }]],
  ] as const)('as a whole it is %s after %j', async (kind, script) => {
    fake.trouble(...script)
    const failure = await connector.register([place(1)], OPEN).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RedirectFailure)
    expect((failure as RedirectFailure).message).toMatch(/127\.0\.0\.1|Yealink|Poly|YMCS/)
    const refused = name === 'grandstream-gdms' || name === 'yealink-ymcs'
    // A token that comes with a redirect is no token.
    if (!(refused && kind === 'unreadable')) expect((failure as RedirectFailure).kind).toBe(kind)
    if (kind === 'rate-limited' && script.length === 1) expect((failure as RedirectFailure).retryAfterS).toBe(600)
    expect(fake.calls).toHaveLength(script.length)
  })

  test('secrets that are wrong are named, and stand in no message', async () => {
    const login = Object.fromEntries(Object.keys(fake.login).map((field) => [field, `wrong-${field}-3141592653`]))
    const failure = (await openConnector(name, { ...fake, login })
      .register([place(1, new Secret('https://phones.example.org/AAAAAAAAAAAAAAAAAAAAAA/'))], OPEN)
      .catch((error: unknown) => error)) as RedirectFailure
    expect(failure).toBeInstanceOf(RedirectFailure)
    expect(failure.kind).toBe('login-refused')
    expect(JSON.stringify([failure.message, failure])).not.toMatch(/3141592653|AAAAAAAAAA/)
  })

  test('stops at once when it is told to', async () => {
    const closing = new AbortController()
    fake.trouble('silence')
    const registering = expect(connector.register([place(1)], closing.signal)).rejects.toThrow('closing')
    await vi.waitFor(() => expect(fake.calls).toHaveLength(1))
    closing.abort(new Error('closing'))
    await registering
    expect(fake.calls).toHaveLength(1)
  })
})
