import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { warnOfLoopback } from '../src/serve.ts'

function settingsWarnedOf(environment: Record<string, string>): unknown {
  const lines: unknown[] = []
  warnOfLoopback(readConfig(environment), {
    warn: (fields: { settings?: unknown }) => void lines.push(fields.settings),
  })
  return lines
}

test('whoever opens the doors to phones is told when those would look for everything in themselves', () => {
  const both = [['OFFHOOK_PHONES_URL', 'OFFHOOK_SIP_HOST']]
  expect(settingsWarnedOf({})).toEqual([])
  expect(settingsWarnedOf({ OFFHOOK_BIND: '0.0.0.0' })).toEqual(both)
  expect(settingsWarnedOf({ OFFHOOK_BIND: '::' })).toEqual(both)
  expect(settingsWarnedOf({ OFFHOOK_PNP_ADDRESS: '10.20.0.5' })).toEqual(both)
  expect(settingsWarnedOf({ OFFHOOK_BIND: '10.20.0.5' })).toEqual([])
  const told = { OFFHOOK_BIND: '0.0.0.0', OFFHOOK_PHONES_URL: 'http://pbx.example.org:8081' }
  expect(settingsWarnedOf(told)).toEqual([['OFFHOOK_SIP_HOST']])
  expect(settingsWarnedOf({ ...told, OFFHOOK_SIP_HOST: 'pbx.example.org:5070' })).toEqual([])
})
