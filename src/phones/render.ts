import { AppError } from '../model/app-error.ts'
import type { Secret } from '../model/secret.ts'
import type { Family, FamilyFile } from './family.ts'
import { unsafe, type Entry, type Format } from './formats/format.ts'
import { standIn, unmark } from './marks.ts'
import { createBootstrapView, createView, type Subject } from './view.ts'

/**
 * The bytes of a device's file. What comes out is read back strictly and must hold exactly the settings that the
 * template meant, name by name and value by value; otherwise nothing comes out.
 * @param onRead hears the neutral name of every setting that the template reads
 * @throws AppError `setting-missing`, `setting-unsupported`, or `value-unsafe` when a value cannot be written; the
 * messages name settings and places, never values
 */
export function render(family: Family, file: FamilyFile, subject: Subject, onRead?: (name: string) => void): Buffer {
  if (file.kind !== 'device') throw new AppError('family-invalid', `${family.name}/${file.name} is not a device file`)
  return renderView(family, file, createView(family, subject, onRead))
}

/**
 * The bytes of a bootstrap file: nothing but where to fetch from. Give the public address; for a phone that came with
 * its own token, give the address with that token, so that the phone does not lose it.
 * @throws AppError as {@link render}
 */
export function renderBootstrap(
  family: Family,
  file: FamilyFile,
  provisioningUrl: Secret,
  onRead?: (name: string) => void,
): Buffer {
  if (file.kind !== 'bootstrap')
    throw new AppError('family-invalid', `${family.name}/${file.name} is no bootstrap file`)
  return renderView(family, file, createBootstrapView(provisioningUrl, onRead))
}

function renderView(family: Family, file: FamilyFile, view: object): Buffer {
  const template = family.templates.get(file.template)
  if (!template) throw new AppError('family-invalid', `${family.name}/${file.template} has no template`)
  return Buffer.from(proveText(family, file, template.run(view)))
}

/**
 * The text that leaves, out of what a template of this file wrote with its values marked.
 * @throws AppError `value-unsafe` when it would be read otherwise than it was meant
 */
export function proveText(family: Family, file: FamilyFile, marked: string): string {
  const place = `${family.name}/${file.template}`
  const format = family.formats.get(file.format)
  if (!format) throw new AppError('family-invalid', `${place} has no format`)
  const text = writeText(format, unmark(marked))
  try {
    const meant = standIn(marked)
    requireSame(format.read(writeText(format, meant.text)).map(meant.restore), format.read(text))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, `${place}: ${error.message}`)
  }
  return text
}

/** No value holds a line feed: those that are there are the template's. */
export function writeText({ lineEnd }: Format, text: string): string {
  return lineEnd === undefined ? text : text.replaceAll('\n', lineEnd)
}

function requireSame(meant: readonly Entry[], written: readonly Entry[]): void {
  const wrong = meant.findIndex((entry, index) => {
    const other = written[index]
    return other?.key !== entry.key || other.value !== entry.value
  })
  if (wrong >= 0) throw unsafe(`The value of ${written[wrong]?.key ?? 'a setting'} would be read differently`)
  if (written.length !== meant.length) throw unsafe('A value would be read as a further setting')
}
