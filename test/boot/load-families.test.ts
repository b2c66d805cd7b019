import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { loadFamilies, readFamilies } from '../../src/boot/load-families.ts'
import { sampleTexts } from '../phones/sample-family.ts'

const folders: string[] = []
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

async function writeFamilies(families: Record<string, ReadonlyMap<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-families-'))
  folders.push(folder)
  await writeFile(join(folder, 'README.md'), 'not a family')
  for (const [name, texts] of Object.entries(families)) {
    for (const [path, text] of texts) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true })
      await writeFile(join(folder, name, path), text)
    }
  }
  return folder
}

it('loads the families that come with Offhook', async () => {
  const families = await loadFamilies()
  expect(families.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['baresip', 'grandstream', 'linphone', 'yealink']),
  )
})

it('takes a new family from a new folder alone', async () => {
  const [family] = await loadFamilies(await writeFamilies({ sample: sampleTexts() }))
  expect(family!.name).toBe('sample')
  expect(family!.goldens[0]!.files.get('aa0001000001.cfg')).toBe('language = D\n')
})

it('does not start with a family that is broken, and names everything that is', async () => {
  const broken = new Map([['family.json', '{']])
  const folder = await writeFamilies({
    one: broken,
    two: sampleTexts({ json: { ouis: ['xyz'] } }),
    three: sampleTexts(),
  })
  await expect(loadFamilies(folder)).rejects.toThrow(
    /one: schema: family\.json is missing or not JSON\n(.*\n)*two: schema/,
  )
  const { families, complaints } = await readFamilies(folder)
  expect(families.map(({ name }) => name)).toEqual(['three'])
  expect(complaints).toHaveLength(2)
})

it('does not start with two families that no request tells apart', async () => {
  const folder = await writeFamilies({ one: sampleTexts(), two: sampleTexts() })
  await expect(loadFamilies(folder)).rejects.toThrow(/user-agent-ambiguous/)
})
