import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { expect, test } from 'vitest'
import { run } from '../support/debian/run.ts'

test('a full disk refuses the file that does not fit, keeps nothing of it, and takes the next smaller one', async () => {
  const path = mkdtempSync(join(tmpdir(), 'offhook-full-'))
  const isolate = getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount']
  isolate.push('--propagation', 'unchanged')
  const script = join(import.meta.dirname, 'full-disk.ts')
  const { status, stdout, stderr } = await run('unshare', [...isolate, process.execPath, script, path])
  rmSync(path, { recursive: true, force: true })
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ outcomes: ['kept', 'store-full', 'kept'], incoming: 0 })
})
