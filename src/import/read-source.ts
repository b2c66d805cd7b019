import { isZip } from './binary-file.ts'
import { readRows, type SourceRow } from './read-rows.ts'
import { readWorkbook, type WorkbookOptions } from './read-workbook.ts'
import { readTable, readText } from './read.ts'
import { TABLE_LIMITS, type ReadTable } from './table.ts'

/** Where people come from: a file as it was uploaded, a pasted table, or rows by API with field → value. */
export type Source =
  { kind: 'file'; bytes: Buffer } | { kind: 'text'; text: string } | { kind: 'rows'; rows: readonly SourceRow[] }

export type SourceOptions = WorkbookOptions

/**
 * Reads any source into header and rows, all faults as problems, like {@link readTable}. What a file is shows in its
 * first bytes, never in its name. Rejects only with `input-invalid`, for an encoding or delimiter option that makes no
 * sense.
 */
export async function readSource(source: Source, options: SourceOptions = {}): Promise<ReadTable> {
  if (source.kind === 'text') return readText(source.text.replace(/^\ufeff/, ''), options)
  if (source.kind === 'rows') return readRows(source.rows, options)
  const limit = options.limits?.bytes ?? TABLE_LIMITS.bytes
  const isWorkbook = isZip(source.bytes) && source.bytes.length <= limit
  return isWorkbook ? await readWorkbook(source.bytes, options) : readTable(source.bytes, options)
}
