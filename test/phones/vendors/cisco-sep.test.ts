import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readCiscoDevice } from './cisco-sep.ts'

const family = 'cisco-sep'
const write = (settings: object, model = 'CP-8841') =>
  readCiscoDevice(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('Cisco phones with enterprise firmware', () => {
  itCarriesValues({
    family,
    model: 'CP-8841',
    read: (bytes) => {
      const { line, buttons, server, all } = readCiscoDevice(bytes)
      return {
        displayName: line.get('displayName')!,
        user: line.get('name')!,
        password: line.get('authPassword')!,
        server: server.host,
        label: line.get('featureLabel')!,
        keyLabel: buttons.find(({ button }) => button === 2)!.label,
        size: all.size + buttons.length + line.size,
      }
    },
  })

  it('gives each line the button of its key, and one that is free where the keys leave it none', () => {
    const second = { ...LINE, position: 2, label: 'Two', user: '1002-acme' }
    const key = { position: 1, kind: 'blf', value: '1003', label: 'Bob', line: 1 }
    const lineKey = { position: 3, kind: 'line', value: null, label: null, line: 2 }
    const { buttons } = write({ lines: [LINE, second], keys: [key, lineKey] })
    expect(buttons).toEqual([
      { button: 1, feature: '21', label: 'Bob', target: '1003' },
      { button: 2, feature: '9', label: '1001', target: '1001-acme' },
      { button: 3, feature: '9', label: 'Two', target: '1002-acme' },
    ])
  })

  it('closes web and SSH, and lets a setting in the words of the vendor open them again', () => {
    expect(write({}).all.get('vendorConfig/webAccess')).toBe('1')
    const { all } = write({ raw: { webAccess: '0' } })
    expect([all.get('vendorConfig/webAccess'), all.get('vendorConfig/sshAccess')]).toEqual(['0', '1'])
  })

  it.each([
    ['Europe/Berlin', 'W. Europe Standard/Daylight Time'],
    ['America/New_York', 'Eastern Standard/Daylight Time'],
    ['Australia/Sydney', 'AUS Eastern Standard/Daylight Time'],
    ['UTC', 'Greenwich Standard Time'],
    ['Asia/Kathmandu', undefined],
  ])('calls the clock of %s %s', (timezone, name) => {
    expect(write({ timezone }).all.get('devicePool/dateTimeSetting/timeZone')).toBe(name)
  })

  it('refuses what needs a trust list', () => {
    expect(() => write({ transport: 'tls' })).toThrow(/no transport tls/)
    expect(() => write({ srtp: 'required' })).toThrow(/no srtp required/)
  })
})
