import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

type Made = { turns: number; loads: number; sizes: Record<string, number>; rss: number }

/** The largest file, one in pages, one that is cut, and the usual one; each takes a second of a processor. */
const FAMILIES = ['acrobits', 'cisco-sep', 'grandstream', 'yealink']

it('50,000 entries are made in bounded memory, and phones are let in between', async () => {
  const script = join(import.meta.dirname, 'make-large-book.ts')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--max-old-space-size=256', script, '50000', ...FAMILIES])
  const { turns, loads, sizes, rss } = JSON.parse(stdout) as Made
  expect(loads).toBe(1)
  // A turn a portion of 200 entries or a page: a book that is written at once leaves a handful in all.
  expect(turns).toBeGreaterThan(1_000)
  expect(rss).toBeLessThan(450 * 1024 * 1024)
  expect(sizes['yealink/phonebook']).toBeGreaterThan(50_000 * 60)
  expect(sizes['cisco-sep/directory']).toBeLessThan(10_000)
  // A phone that takes 2,000 entries gets no more.
  expect(sizes['grandstream/phonebook']).toBeLessThan(2_000 * 400)
}, 180_000)
