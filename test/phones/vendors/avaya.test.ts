import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { readAvaya } from './avaya.ts'
import { itCarriesValues } from './carries.ts'

const family = 'avaya'
const write = (settings: object, model = 'J179') =>
  readAvaya(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('Avaya J100', () => {
  itCarriesValues({
    family,
    model: 'J179',
    read: (bytes) => {
      const { values, keys } = readAvaya(bytes)
      return {
        displayName: values.get('DISPLAY_NAME')!,
        user: values.get('FORCE_SIP_EXTENSION')!,
        password: values.get('FORCE_SIP_PASSWORD')!,
        server: values.get('SIPDOMAIN')!,
        keyLabel: keys.get('2')!.get('label')!,
        size: values.size + keys.size,
      }
    },
    name: (text) => text.replace(/"/g, "'"),
    keyLabel: (text) => text.replace(/"/g, "'").replace(/;/g, ','),
    refuses: /"/,
  })

  it('says where files come from in the words of the protocol, and takes the other one away', () => {
    const { values } = write({})
    expect(Object.fromEntries(values)).toMatchObject({
      TLSSRVR: 'phones.example.org',
      TLSPORT: '443',
      TLSDIR: 'Abcdefghijklmnopqrstuv',
      HTTPSRVR: '',
      TLSSRVRID: '1',
      DES_STAT: '0',
      ENABLE_WEBSERVER: '0',
    })
    const plain = write({ provisioningUrl: 'http://192.0.2.10:8081/Abc/' }).values
    expect([plain.get('HTTPPORT'), plain.get('HTTPDIR'), plain.get('TLSSRVR')]).toEqual(['8081', 'Abc', ''])
  })

  it.each([
    ['Europe/Berlin', '1:00', 'LSunMar2L', 'LSunOct3L'],
    ['America/New_York', '-5:00', '2SunMar2L', '1SunNov2L'],
    ['Asia/Kolkata', '5:30', undefined, undefined],
  ])('sets its clock to %s', (timezone, offset, start, end) => {
    const { values } = write({ timezone })
    expect([values.get('GMTOFFSET'), values.get('DSTSTART'), values.get('DSTSTOP')]).toEqual([offset, start, end])
  })

  it('turns off the codecs that nobody wants', () => {
    const { values } = write({ codecs: ['pcma', 'g722'] })
    expect(values.get('CODEC_PRIORITY')).toBe('G711A,G722')
    expect([values.get('ENABLE_G711A'), values.get('ENABLE_OPUS'), values.get('ENABLE_G711U')]).toEqual(['1', '0', '0'])
  })

  it('refuses pressed digits by INFO, which no setting of it can say', () => {
    expect(() => write({ dtmf: 'info' })).toThrow(/no dtmf info/)
  })
})
