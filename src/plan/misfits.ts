import type { PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { TableRow } from './asterisk-rows.ts'
import type { Supply } from './supply.ts'
import type { TableName } from './tables.ts'

/** No column that a value of ours goes to is narrower than this many characters, each stored as three. */
const SHORT = 4

/** Where a column's value comes from, for what is not the extension. */
const FIELDS: Partial<Record<string, PersonField>> = {
  callerid: 'last_name',
  fullname: 'last_name',
  membername: 'last_name',
  email: 'voicemail_email',
  pager: 'pager',
  contact: 'sip_uri',
  language: 'language',
}

/** Values that Asterisk's columns cannot hold: its own schema is narrower than ours. */
export function findMisfits(rows: TableRow[], row: number, findWidth: Supply['findWidth']): Problem[] {
  const problems: Problem[] = []
  for (const { table, row: values } of rows)
    for (const column in values) {
      const value = values[column]
      if (typeof value !== 'string' || value.length < SHORT) continue
      const width = findWidth(table, column, value)
      if (width !== null) problems.push(describeMisfit(table, column, value, width, row))
    }
  return problems
}

function describeMisfit(table: TableName, column: string, value: string, width: number, row: number): Problem {
  const message = `${quote(value)} is too long for Asterisk: ${table}.${column} holds ${width} characters`
  const suggestion = 'Shorten it. A semicolon or caret counts as three, a quotation mark or backslash as two.'
  return { row, field: FIELDS[column] ?? 'extension', code: 'too-long-for-asterisk', message, suggestion }
}
