import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readMicrosip } from './microsip.ts'

const family = 'microsip'
const write = (settings: object) => readMicrosip(renderFor(family, { settings: { lines: [LINE], ...settings } }))

describe('MicroSIP', () => {
  itCarriesValues({
    family,
    model: 'MicroSIP',
    read: (bytes) => {
      const all = readMicrosip(bytes)
      return {
        displayName: all.get('account1/displayname')!,
        user: all.get('account1/username')!,
        password: all.get('account1/password')!,
        server: all.get('account1/domain')!,
        label: all.get('account1/label')!,
        size: all.size,
      }
    },
  })

  it.each([`"all of it"`, `'so'`, `"`, `""`, `"half`, `; no comment`, `[Settings]`, `a=b`])(
    'keeps the quotes and signs of %s through Windows',
    (password) => {
      expect(write({ lines: [{ ...LINE, password }] }).get('account1/password')).toBe(password)
    },
  )

  it('says transport, encryption and codecs in its words', () => {
    const settings = {
      transport: 'tls',
      srtp: 'required',
      codecs: ['pcma', 'g722'],
      outboundProxy: 'proxy.example.org',
    }
    expect(Object.fromEntries(write(settings))).toMatchObject({
      'settings/audiocodecs': 'PCMA/8000/1 G722/16000/1',
      'account1/server': 'pbx.example.org:5061',
      'account1/proxy': 'proxy.example.org:5061',
      'account1/srtp': 'mandatory',
      'account1/transport': 'tls',
    })
  })
})
