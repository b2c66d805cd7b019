import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROVISIONING_FOLDER, readFamilies } from '../../src/boot/load-families.ts'
import { describeInFull, describeInShort, replaceBlock } from '../support/support-tables.ts'

const { families } = await readFamilies()
const CURE = 'out of date: npm exec -- node test/support/write-tables.ts'

test('the table of families of the README is what the families say', async () => {
  const page = await readFile(join(PROVISIONING_FOLDER, '../README.md'), 'utf8')
  expect(page === replaceBlock(page, await describeInShort(families)), CURE).toBe(true)
})

test('the matrix of settings and families is what the families say', async () => {
  const page = await readFile(join(PROVISIONING_FOLDER, 'SUPPORT.md'), 'utf8')
  expect(page === (await describeInFull(families)), CURE).toBe(true)
})

test('a family that supports one thing more is another table', async () => {
  const [first, ...others] = families
  const less = { ...first!, supports: first!.supports.filter((name) => name !== 'serverHost') }
  expect(await describeInFull([less, ...others])).not.toBe(await describeInFull(families))
  expect(await describeInShort([less, ...others])).not.toBe(await describeInShort(families))
})

test('a page without the two markers is told, not written over', () => {
  expect(() => replaceBlock('# Offhook', '| table |')).toThrow('lacks')
})
