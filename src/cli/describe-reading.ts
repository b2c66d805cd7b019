import type { MappedColumn } from '../import/column.ts'
import type { People } from '../import/people-from-table.ts'
import type { Detected } from '../import/table.ts'
import { showInvisible } from '../model/quote.ts'

/** Matches that an admin should look at. */
const GUESSED: ReadonlySet<MappedColumn['by']> = new Set(['similar', 'content'])

const DELIMITERS: Readonly<Record<string, string>> = { '\t': 'tabs', ' ': 'blanks' }

/** How a source was read: its form, which column was taken for which field, and which were not read at all. */
export function describeReading(detected: Detected, columns: People['columns']): string[] {
  const renamed = columns.mapped.filter(({ header, field }) => header.trim() !== field).map(describeColumn)
  const secret = columns.ignored.filter(({ reason }) => reason === 'secret').map(({ header }) => header)
  const left = columns.ignored.filter(({ reason }) => reason === 'chosen').map(({ header }) => header)
  return [
    describeForm(detected, columns.system),
    ...list('columns', renamed),
    ...list('? not used', columns.unknown),
    ...list('? left out, as chosen', left),
    ...list('? passwords of another system, not read', secret),
  ].filter((line) => line !== '')
}

/** `Read as windows-1252 with “;” between cells, an export of 3CX.` */
function describeForm({ format, encoding, delimiter, sheet, sheets }: Detected, system: string | null): string {
  if (format === 'json') return ''
  const others = sheets.filter((name) => name !== sheet)
  const words =
    format === 'xlsx'
      ? [`sheet ${sheet ?? ''}`, ...(others.length > 0 ? [`(others: ${others.join(', ')})`] : [])]
      : [encoding ?? '', ...(delimiter === null ? [] : [`with ${DELIMITERS[delimiter] ?? delimiter} between cells`])]
  return `Read as ${showInvisible(words.join(' ').trim())}${system === null ? '' : `, an export of ${system}`}.`
}

function describeColumn({ header, field, by }: MappedColumn): string {
  return `${header} → ${field}${GUESSED.has(by) ? ' (guessed)' : ''}`
}

function list(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`  ${title}: ${names.map(showInvisible).join(', ')}`]
}
