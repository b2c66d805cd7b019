import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROVISIONING_FOLDER } from '../../src/boot/load-families.ts'
import { lintFamilies } from '../../src/phones/lint/lint-families.ts'
import { readFamily } from '../../src/phones/read-family.ts'

it('the worked example of the contributor page is a family that lacks only what the page leaves to the reader', async () => {
  const page = await readFile(join(PROVISIONING_FOLDER, 'README.md'), 'utf8')
  const blocks = [...page.matchAll(/^ {3}```\w*\n(.*?)^ {3}```/gms)].map((match) => match[1]!.replaceAll(/^ {3}/gm, ''))
  const [json, template] = blocks as [string, string]
  const { family, complaints } = readFamily(
    'acme',
    new Map([
      ['family.json', json],
      ['device.eta', template],
    ]),
  )
  expect(complaints).toEqual([])
  expect(lintFamilies([family!]).map(({ code }) => code)).toEqual(['notes-missing', 'golden-missing'])
})
