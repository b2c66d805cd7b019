import { parseEmail } from '../model/email.ts'
import { parseMac } from '../model/mac.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { MappedColumn } from './column.ts'
import type { ColumnTarget } from './headers.ts'

/** True for a first line that is no header but a row. */
export function holdsPerson(header: readonly string[]): boolean {
  return header.some((cell) => parseMac(cell) !== null || typeof parseEmail(cell) === 'string')
}

export function describeContest(field: ColumnTarget, claims: readonly MappedColumn[]): Problem {
  const names = claims.filter((column) => column.field === field).map((column) => quote(column.header))
  return {
    row: 0,
    field,
    code: 'columns-contested',
    message: `The columns ${names.join(' and ')} both look like ${field}`,
    suggestion: `Choose the one to read ${field} from`,
  }
}

export function describeNoMatch(header: readonly string[], isPerson: boolean): Problem {
  const names = header.filter((name) => name.trim() !== '').slice(0, 5)
  const message = isPerson
    ? 'The first line holds a person, not column names'
    : `No column is known: ${names.map(quote).join(', ')}`
  const suggestion = 'A first line with names such as first_name, last_name, email, extension'
  return { row: 0, field: '', code: 'header-unknown', message, suggestion }
}
