import { expect, test } from 'vitest'
import { warnCalmly } from '../../src/model/log.ts'

test('the same warning comes once in five seconds, with how often it happened; another one at once', () => {
  const said: [object, string][] = []
  let nowMs = 0
  const warn = warnCalmly({ warn: (fields, message) => said.push([fields, message]) }, () => nowMs)
  for (; nowMs < 10_000; nowMs += 10) warn({ path: '/a' }, 'phone answer failed')
  warn({}, 'releases are not up to date')
  warn({ err: new Error('another reason') }, 'phone answer failed')
  expect(said).toEqual([
    [{ path: '/a', times: 1 }, 'phone answer failed'],
    [{ path: '/a', times: 500 }, 'phone answer failed'],
    [{ times: 1 }, 'releases are not up to date'],
    [{ err: new Error('another reason'), times: 1 }, 'phone answer failed'],
  ])
})
