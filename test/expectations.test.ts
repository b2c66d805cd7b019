import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Every test of `expectations/` begins with the numbers of the features that it shows: `#12 #13 gate: …`. */
const FOLDER = join(import.meta.dirname, 'expectations')
const NAMED = /^test\((['"])((?:#\d+ )+[^:]+: .*?)\1, async/gm

/** Features 1–35 are sipgate's, 36–67 CommPeak's, 68–81 Sangoma's, 82–99 Thirdlane's. */
const FEATURES = 99

const LEFT_OUT: Readonly<Record<number, 'page' | 'directory sign-in'>> = {
  2: 'page', // where in the menu adding many users begins
  4: 'directory sign-in', // the choice between a file and a directory
  7: 'directory sign-in', // Entra ID's own page
  8: 'directory sign-in', // consent
  9: 'directory sign-in', // consent refused
  10: 'directory sign-in', // the same with Google
  45: 'page', // where “Create from file” is
  59: 'page', // tooltips beside advanced security
  71: 'page', // where “Import CSV” is
}

test('every feature that admins know from elsewhere is shown by exactly one test, but for pages and directory sign-in', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.test.ts'))
  const texts = files.map((name) => readFileSync(join(FOLDER, name), 'utf8'))
  const names = texts.flatMap((text) => [...text.matchAll(NAMED)].map(([, , name]) => name!))
  const begun = texts.flatMap((text) => text.match(/^test\b/gm) ?? [])
  expect(names, 'a name without numbers').toHaveLength(begun.length)
  const shown = names.flatMap((name) => [...name.matchAll(/#(\d+)/g)].map(([, number]) => Number(number)))
  const all = [...shown, ...Object.keys(LEFT_OUT).map(Number)].toSorted((a, b) => a - b)
  expect(all).toEqual(Array.from({ length: FEATURES }, (_, at) => at + 1))
})
