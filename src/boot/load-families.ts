import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../model/app-error.ts'
import type { Complaint } from '../phones/complaint.ts'
import type { Family } from '../phones/family.ts'
import { complainOfAmbiguity } from '../phones/lint/ambiguity.ts'
import { readFamily, type FamilyTexts } from '../phones/read-family.ts'

/** Where the families that come with Offhook are. */
export const PROVISIONING_FOLDER = join(import.meta.dirname, '../../provisioning')

/**
 * Reads every family from disk, once at start. What makes a family unusable, and two families that no request could
 * tell apart, stop the start.
 * @throws AppError `family-invalid` naming everything that is wrong
 */
export async function loadFamilies(folder = PROVISIONING_FOLDER): Promise<Family[]> {
  const { families, complaints } = await readFamilies(folder)
  const all = [...complaints, ...complainOfAmbiguity(families)]
  if (all.length === 0) return families
  throw new AppError('family-invalid', all.map((one) => `${one.family}: ${one.code}: ${one.message}`).join('\n'))
}

/** The same without judging: what could be read, and what is wrong. `offhook check` lints the result. */
export async function readFamilies(
  folder = PROVISIONING_FOLDER,
): Promise<{ families: Family[]; complaints: Complaint[] }> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const read = await Promise.all(
    names.sort().map(async (name) => readFamily(name, await readTexts(join(folder, name)))),
  )
  return {
    families: read.flatMap(({ family }) => family ?? []),
    complaints: read.flatMap(({ complaints }) => complaints),
  }
}

async function readTexts(folder: string): Promise<FamilyTexts> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.sort().map(async (path) => [path, await readFile(path, 'utf8')] as const))
  return new Map(texts.map(([path, text]) => [path.slice(folder.length + 1), text]))
}
