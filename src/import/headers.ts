import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import { normaliseHeader } from './header-name.ts'
import { GERMAN } from './headers/de.ts'
import { ENGLISH } from './headers/en.ts'
import { SPANISH } from './headers/es.ts'
import { EXPORTS } from './headers/exports.ts'
import { FRENCH } from './headers/fr.ts'

/** What a column can mean: a field, or a whole name that is split into two fields. */
export type ColumnTarget = PersonField | 'full_name'

/**
 * Column names as people write them, separated by `;`. `ignored` are names that look like one of ours and are not:
 * without them `Faxnummer` would be taken for a misspelt `Rufnummer`. `secret` are passwords of other systems.
 */
export type HeaderWords = Readonly<Partial<Record<ColumnTarget | 'ignored' | 'secret', string>>>

export const DICTIONARIES: readonly HeaderWords[] = [ENGLISH, GERMAN, FRENCH, SPANISH, EXPORTS]

export const COLUMN_TARGETS: readonly ColumnTarget[] = [...PERSON_FIELDS, 'full_name']

/** The column in which an error file says what was wrong; it is no field and is dropped when the file comes back. */
export const PROBLEM_HEADER = 'problem'

/** Normalised column name → what it means; null: known and not ours. */
export const HEADER_TERMS: ReadonlyMap<string, ColumnTarget | null> = new Map(listTerms())

/** Names of columns that hold secrets of other systems: they are not read, and nobody shall see them either. */
export const SECRET_TERMS: ReadonlySet<string> = new Set(DICTIONARIES.flatMap(({ secret = '' }) => spellings(secret)))

function* listTerms(): Generator<[string, ColumnTarget | null]> {
  for (const dictionary of DICTIONARIES) {
    for (const [target, words] of Object.entries(dictionary) as [keyof HeaderWords, string][]) {
      const isOurs = target !== 'ignored' && target !== 'secret'
      for (const spelling of spellings(words)) yield [spelling, isOurs ? target : null]
    }
  }
  for (const target of COLUMN_TARGETS) yield [normaliseHeader(target), target]
}

/** All normalised spellings of a list; umlauts also written as two letters. */
export function spellings(words: string): string[] {
  const transcribed = words.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue')
  const terms = [...words.split(';'), ...transcribed.split(';')].map(normaliseHeader)
  return [...new Set(terms)].filter((term) => term !== '')
}
