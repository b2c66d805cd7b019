import { countShown } from '../phones/book/book.ts'
import type { Family } from '../phones/family.ts'

/** What phones of a family do with a phonebook of so many entries, in a few words. */
export function describeBook(family: Family | undefined, entries: number, isOn: boolean): string {
  if (!family?.files.some(({ kind }) => kind === 'book')) return 'this family gets none that we can write'
  if (!isOn) return 'switched off'
  return describeCut(family, entries) ?? `${entries} entries`
}

/** Null: everybody in the book reaches phones of this family. */
export function describeCut(family: Family, entries: number): string | null {
  const shape = family.files.find(({ book }) => (book?.most ?? null) !== null)?.book
  if (!shape || countShown(shape, entries) === entries) return null
  const { displayName } = family
  return `the book has ${entries} entries and ${displayName} phones take ${shape.most}: the last ${entries - shape.most!} are left out`
}
