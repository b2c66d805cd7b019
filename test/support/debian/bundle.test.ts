import { expect, test } from 'vitest'
import { findAsterisk } from '../asterisk/installation.ts'
import { bundle } from './bundle.ts'
import { run } from './run.ts'

test('programs of a bundle start from the cache', async () => {
  const tools = await bundle('tools')
  expect((await run(tools.program('sipp'), ['-v'])).stdout).toContain('SIPp v3')
  expect((await run(tools.program('busybox'), ['echo', 'here'])).stdout).toBe('here\n')
  expect((await run(tools.program('curl'), ['--version'])).status).toBe(0)
})

test('a program that no package brought is named', async () => {
  const tools = await bundle('tools')
  expect(() => tools.program('no-such-program')).toThrow('no-such-program')
})

test('the Asterisk found is new enough and comes with its ODBC driver', async () => {
  const asterisk = await findAsterisk()
  expect(parseInt(asterisk.version, 10)).toBeGreaterThanOrEqual(22)
  expect(asterisk.odbcDriver).toMatch(/psqlodbcw\.so$/)
})
