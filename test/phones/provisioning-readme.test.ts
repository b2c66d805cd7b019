import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadFamilies, PROVISIONING_FOLDER } from '../../src/boot/load-families.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import type { Mac } from '../../src/model/mac.ts'
import { lintFamilies } from '../../src/phones/lint/lint-families.ts'
import { openSite } from '../boot/open-site.ts'

const PAGE = await readFile(join(PROVISIONING_FOLDER, 'README.md'), 'utf8')

/** Somebody who does what the page says, in a copy of the folder. */
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offhook-provisioning-'))
  await cp(PROVISIONING_FOLDER, folder, { recursive: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The files of the worked example: a numbered step that begins with a path, and what stands in its block. */
function readSteps(): { path: string; text: string }[] {
  const steps = PAGE.matchAll(/^\d\. `(acme\/[^`]+)`(?:(?!^\d\. ).)*?^ {3}```\w*\n(.*?)^ {3}```$/gms)
  return [...steps].map(([, path, text]) => ({ path: path!, text: text!.replaceAll(/^ {3}/gm, '') }))
}

/** The line of the page, and where the page says that it belongs. */
async function addModel(): Promise<void> {
  const [, family, line] = /`models` of `([^`]+)` is all of it:\n\n```json\n(.*)\n```/.exec(PAGE)!
  const path = join(folder, family!)
  const json = await readFile(path, 'utf8')
  await writeFile(
    path,
    json.replace(/"models": \{\n/, (begin) => `${begin}    ${line},\n`),
  )
}

async function addFamily(): Promise<void> {
  for (const { path, text } of readSteps()) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

it('the worked example is the five files of a family, and the linter has nothing to say about it', async () => {
  expect(readSteps().map(({ path }) => path)).toEqual([
    'acme/family.json',
    'acme/device.eta',
    'acme/golden/desk.json',
    'acme/golden/desk/acme-02acde000001.conf',
    'acme/NOTES.md',
  ])
  await addFamily()
  await addModel()
  const families = await loadFamilies(folder)
  expect(lintFamilies(families.filter(({ name }) => name === 'acme' || name === 'yealink'))).toEqual([])
}, 120_000)

it('phones of the new model and of the new family are imported, let in and get their files', async () => {
  const site = await openSite(undefined, await loadFamilies(folder))
  const listener = await startPhonesListener({
    ...{ address: '127.0.0.1', port: 0, answer: site.boot.answer, log: site.log },
    writeAccess: () => undefined,
  })
  try {
    await site.importPeople('extension,last_name,mac,model\n1001,Abel,001565abcd01,T99X\n1002,Bush,02acde000002,A1\n')
    await site.release(site.desk.acme, null)
    const get = async (file: string) => (await fetch(`http://127.0.0.1:${listener.port}/${file}`)).text()
    // Asking before the release is heard would count as guessing.
    const asking = { mac: '02acde000002' as Mac, source: '192.0.2.7', words: '' }
    await vi.waitFor(() => expect(site.boot.addressByMulticast(asking)).not.toBeNull(), 20_000)
    expect(await get('acme-02acde000002.conf')).toMatch(
      /^update_url: http:\/\/phones\.example\.org:8081\/[\w-]{22}\/\nline1_enabled: yes\n(?:.*\n){4}line2_enabled: no\n$/,
    )
    const yealink = await get('001565abcd01.cfg')
    expect(yealink).toContain('account.1.user_name = 1001-acme\n')
    expect(yealink.match(/^linekey\.\d+\.type/gm)).toHaveLength(21)
  } finally {
    await listener.close()
    await site.close()
  }
}, 120_000)
