import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFamilies, PROVISIONING_FOLDER } from '../../src/boot/load-families.ts'
import { findModel, type Family, type GoldenCase } from '../../src/phones/family.ts'
import { baseLayers, resolveSettings } from '../../src/phones/layers.ts'
import { renderSampleBook } from '../../src/phones/lint/lint-books.ts'
import { render, renderBootstrap } from '../../src/phones/render.ts'

// Writes the golden files anew from their cases, for whoever changed a template on purpose:
// npm exec -- node test/support/write-golden.ts FAMILY…
// Which files a case has stays as it is: make an empty one under the name that the phone asks for. `git diff` is then
// what the change does to phones.

function renderGolden(family: Family, golden: GoldenCase, name: string): Buffer {
  const model = findModel(family, golden.model)
  const layers = [...baseLayers(family, model), { layer: 'device' as const, settings: golden.settings }]
  const { settings } = resolveSettings(layers)
  const file = family.files.find(({ pattern }) => pattern.test(name))
  if (!file || file.kind === 'absent') throw new Error(`${family.name} has no file ${name}`)
  if (file.kind === 'book') return renderSampleBook(family, file)
  return file.kind === 'bootstrap'
    ? renderBootstrap(family, file, settings.provisioningUrl)
    : render(family, file, { settings, mac: golden.mac, model })
}

const wanted = process.argv.slice(2)
const { families, complaints } = await readFamilies()
for (const { family, message } of complaints) console.error(`${family}: ${message}`)
for (const family of families.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const golden of family.goldens) {
    for (const [name, before] of golden.files) {
      const written = renderGolden(family, golden, name)
      const path = join(PROVISIONING_FOLDER, family.name, golden.name.slice(0, -'.json'.length), name)
      if (written.toString() === before) continue
      await writeFile(path, written)
      console.log(path)
    }
  }
}
