import { readTable, readText, type ReadOptions } from './read.ts'
import type { ReadTable } from './table.ts'

/** Where people come from: a file as it was uploaded, a pasted table, or rows by API with field → value. */
export type Source =
  | { kind: 'file'; bytes: Buffer }
  | { kind: 'text'; text: string }
  | { kind: 'rows'; rows: readonly Readonly<Record<string, unknown>>[] }

export type SourceOptions = ReadOptions & {
  /** Name of the sheet of a workbook; the first one if absent. */
  sheet?: string | undefined
}

/**
 * Reads any source into header and rows, all faults as problems, like {@link readTable}.
 * Rejects only with `input-invalid`, for an encoding or delimiter option that makes no sense.
 */
export function readSource(source: Source, options: SourceOptions = {}): Promise<ReadTable> {
  return Promise.resolve().then(() => {
    if (source.kind === 'file') return readTable(source.bytes, options)
    if (source.kind === 'text') return readText(source.text, options)
    return readTable(Buffer.from(JSON.stringify(source.rows)), options)
  })
}
