import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { mergeMitel, readMitel } from './mitel.ts'

const family = 'mitel'
const write = (settings: object, model = '6867i') => readMitel(renderFor(family, { model, settings }))

describe('Mitel and Aastra', () => {
  itCarriesValues({
    family,
    model: '6867i',
    read: (bytes) => {
      const all = readMitel(bytes)
      return {
        displayName: all.get('sip line1 display name')!,
        user: all.get('sip line1 user name')!,
        password: all.get('sip line1 password')!,
        server: all.get('sip line1 registrar ip')!,
        label: all.get('sip line1 screen name')!,
        keyLabel: all.get('topsoftkey2 label')!,
        size: all.size,
      }
    },
  })

  it('ends at the address with its token, whichever file was last', () => {
    const bootstrap = renderBootstrapOf(family, 'http://192.0.2.10:8081/')
    expect(Object.fromEntries(readMitel(bootstrap))).toEqual({
      'download protocol': 'HTTP',
      'http server': '192.0.2.10',
      'http port': '8081',
      'http path': '',
    })
    const all = mergeMitel([bootstrap, renderFor(family, { model: '6867i', settings: { lines: [LINE] } })])
    expect(Object.fromEntries(all)).toMatchObject({
      'download protocol': 'HTTPS',
      'https server': 'phones.example.org',
      'https port': '443',
      'https path': 'Abcdefghijklmnopqrstuv',
      'contact rcs': '0',
      'dhcp config option override': '-1',
      'https validate certificates': '1',
      'sip line2 user name': '',
      'topsoftkey20 type': 'none',
    })
  })

  it('never gives a password of the administrator that makes the phone fall back to its default', () => {
    const digits = write({}).get('admin password')!
    expect(digits).toMatch(/^[1-9][0-9]{8}$/)
    expect(write({ adminPassword: `${NEEDED.adminPassword}x` }).get('admin password')).not.toBe(digits)
    expect(write({}).get('admin password')).toBe(digits)
    expect(write({ adminPassword: '4711' }).get('admin password')).toBe('4711')
  })

  it('calls keys what the model calls them', () => {
    const keys = [{ position: 1, kind: 'park', value: '700', label: 'Park', line: 1 }]
    expect(write({ lines: [LINE], keys }, '6865i').get('prgkey1 value')).toBe('asterisk;700')
    expect(write({ lines: [LINE], keys }, '6739i').get('softkey1 type')).toBe('park')
  })

  it('says codecs in order', () => {
    const order = write({ lines: [LINE], codecs: ['pcma', 'g722'] }).get('sip customized codec')
    expect(order).toBe('payload=8;ptime=20;silsupp=off,payload=9;ptime=20;silsupp=off')
  })

  it('counts keys on to the modules beside the phone', () => {
    const keys = [{ position: 20 + 84 + 3, kind: 'blf', value: '1002', label: 'Bob', line: 1 }]
    const all = write({ lines: [LINE], keys }, '6867i')
    expect([all.get('expmod2 key3 type'), all.get('expmod2 key3 value')]).toEqual(['blf', '1002'])
    expect(all.get('expmod3 key84 type')).toBe('none')
    expect(write({ lines: [LINE] }, '6863i').has('expmod1 key1 type')).toBe(false)
  })
})
