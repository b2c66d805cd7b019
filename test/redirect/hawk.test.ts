import { expect, test } from 'vitest'
import { hashHawkPayload, signHawk } from '../../src/redirect/hawk.ts'
import { macOfHawk, openFakeHawk, readHawkHeader } from './fakes/hawk.ts'
import { HERE, OPEN, openConnector } from './open-connector.ts'

/** The credentials, times and results of the examples in the README of the Hawk scheme. */
const KEY = { id: 'dh37fgj492je', key: 'werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn' }
const ONCE = { timeS: 1353832234, nonce: 'j4h3g2', ext: 'some-app-ext-data' }
const URL_OF_EXAMPLE = 'http://example.com:8000/resource/1?b=1&a=2'

test('the payload of the example has the hash of the example, whatever the parameters of its type', () => {
  for (const type of ['text/plain', 'text/plain; charset=utf-8', 'Text/Plain'])
    expect(hashHawkPayload(type, 'Thank you for flying Hawk')).toBe('Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=')
})

test('the request of the example is signed as in the example', () => {
  const request = { method: 'POST', url: URL_OF_EXAMPLE, contentType: 'text/plain', body: 'Thank you for flying Hawk' }
  expect(signHawk(KEY, request, ONCE)).toBe(
    'Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=", ' +
      'ext="some-app-ext-data", mac="aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw="',
  )
})

test('the fake knows the examples too, the one without a payload included', () => {
  const parts = { ts: '1353832234', nonce: 'j4h3g2', uri: '/resource/1?b=1&a=2', host: 'example.com', port: '8000' }
  const ext = 'some-app-ext-data'
  expect(macOfHawk(KEY.key, { ...parts, method: 'GET', hash: '', ext })).toBe(
    '6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=',
  )
  const hash = 'Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY='
  expect(macOfHawk(KEY.key, { ...parts, method: 'POST', hash, ext })).toBe(
    'aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw=',
  )
  expect(readHawkHeader('Hawk id="a", ts="1", nonce="n", mac="m", mac="m"')).toBeNull()
})

test('a clock that is off is named with how far', async () => {
  const fake = await openFakeHawk({ setting: 'setting_server', oui: '000413', clockOffS: 3_600 })
  try {
    const connector = openConnector('snom-sraps', fake)
    await expect(connector.register([{ ...fake.phone(1), address: HERE }], OPEN)).rejects.toMatchObject({
      kind: 'clock-off',
      message: expect.stringMatching(/-3600|-3599|-3601/) as string,
    })
  } finally {
    await fake.close()
  }
})

test('a link to another server is not followed: the signed request would be its', async () => {
  const fake = await openFakeHawk()
  const other = await openFakeHawk()
  try {
    fake.linkTo(other.options['url']!)
    await expect(openConnector('snom-sraps', fake).find([{ ...fake.phone(1), address: HERE }], OPEN)).rejects.toThrow(
      'another server',
    )
    expect(other.calls).toEqual([])
  } finally {
    await fake.close()
    await other.close()
  }
})

test('what else an endpoint was given there stays', async () => {
  const fake = await openFakeHawk()
  try {
    const { mac } = fake.phone(1)
    const user = { value: 'alice', attrs: { perm: 'RW' } }
    const settings_manager = { 'b5a1f6de-0000-4000-8000-000000000000': user }
    fake.endpoints.set(mac, { mac, autoprovisioning_enabled: true, settings_manager })
    await openConnector('snom-sraps', fake).register([{ ...fake.phone(1), address: HERE }], OPEN)
    expect(fake.endpoints.get(mac)?.settings_manager).toEqual({
      ...settings_manager,
      [fake.uuid]: { value: HERE.reveal(), attrs: { perm: 'RW' } },
    })
  } finally {
    await fake.close()
  }
})
