import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLock } from '../../src/db/embedded/lock.ts'
import { countRuns } from '../support/runs.ts'

const SCENE = join(import.meta.dirname, 'scenes', 'take-lock.ts')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-lock-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('no two processes are ever inside, also while owners are killed and their locks are taken over', async () => {
  const processes = countRuns(6, 40)
  const journal = join(folder, 'journal')
  writeFileSync(journal, '')
  const codes = Array.from({ length: processes }, async (_, index) => {
    const dies = index % 3 === 0
    const child = spawn(process.execPath, [SCENE, join(folder, 'lock'), journal, dies ? 'die' : 'live'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return dies ? signal : code
  })
  expect(new Set(await Promise.all(codes))).toEqual(new Set([0, 'SIGKILL']))
  // Whoever was killed inside wrote no way out; everybody else's lines must come in pairs.
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n')
  const overlaps = lines.filter((line, at) => line.startsWith('out ') && lines[at - 1] !== line.replace('out', 'in'))
  expect(overlaps).toEqual([])
  expect(await withLock(join(folder, 'lock'), () => Promise.resolve('free'))).toBe('free')
})

test('a lock whose owner was killed before it could sign is taken over', async () => {
  const lock = join(folder, 'unsigned')
  mkdirSync(lock)
  writeFileSync(join(lock, 'pid'), '')
  const startedMs = performance.now()
  expect(await withLock(lock, () => Promise.resolve('mine'))).toBe('mine')
  expect(performance.now() - startedMs).toBeLessThan(5_000)
})

test('the lock is given back when the work fails', async () => {
  const lock = join(folder, 'failed')
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(lock)).toBe(false)
})
