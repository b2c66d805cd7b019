import { normaliseHeader } from './header-name.ts'
import { spellings, type ColumnTarget } from './headers.ts'
import { KNOWN_EXPORTS, type KnownExport } from './headers/known-exports.ts'

/** What a column of a recognised file is; `ignored` and `secret` are not read. */
export type ExportTerms = ReadonlyMap<string, ColumnTarget | 'ignored' | 'secret'>

export type RecognisedExport = Pick<KnownExport, 'system' | 'values'> & { terms: ExportTerms }

const RECOGNISABLE = KNOWN_EXPORTS.map(({ system, values, signature, columns }) => ({
  system,
  ...(values && { values }),
  signature: spellings(signature),
  terms: new Map(
    Object.entries(columns).flatMap(([target, words]) =>
      spellings(words).map((term) => [term, target as ColumnTarget] as const),
    ),
  ),
}))

/** Recognises the file of another system by its columns; null for all others. */
export function recogniseExport(header: readonly string[]): RecognisedExport | null {
  const terms = new Set(header.map(normaliseHeader))
  return RECOGNISABLE.find(({ signature }) => signature.every((term) => terms.has(term))) ?? null
}
