import { parseEmail } from '../model/email.ts'
import { parseMac } from '../model/mac.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { FreeColumn, MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import { HEADER_TERMS, PROBLEM_HEADER, type ColumnTarget } from './headers.ts'
import { settleNames } from './name-columns.ts'
import { applyOverrides, type Overrides } from './overrides.ts'
import { matchSimilar } from './similar.ts'

export type Mapping = {
  /** In the order of the columns; a column may serve several fields when overrides say so. */
  mapped: MappedColumn[]
  /** Columns with a name that nothing is read from, in the order of the file. */
  unknown: string[]
  /** Fields that two columns claim, so that none of them was taken. */
  contested: ColumnTarget[]
  problems: Problem[]
}

/**
 * Says what each column means: overrides first, then the canonical name, the dictionary and, for columns and fields
 * that are left, names at most two typing errors away when only one field is that near.
 * Problems (row 0): `field-unknown`, `column-missing`, `columns-contested`, `header-unknown`.
 */
export function mapColumns(header: readonly string[], overrides: Overrides = {}): Mapping {
  const { mapped, problems } = applyOverrides(header, overrides)
  const chosen = new Set(mapped.map(({ field }) => field))
  const free = listFree(header, mapped)
  const claims = settleNames(
    free.flatMap(claimByTerm).filter(({ field }) => !chosen.has(field)),
    chosen,
  )
  const contested = [...new Set(claims.map(({ field }) => field))].filter(
    (field) => claims.filter((column) => column.field === field).length > 1,
  )
  const taken = new Set([...chosen, ...claims.map(({ field }) => field)])
  const misspelt = matchSimilar(
    free.filter(({ term }) => !HEADER_TERMS.has(term)),
    taken,
  )
  const used = new Set([...claims, ...misspelt].map(({ index }) => index))
  mapped.push(...claims.filter(({ field }) => !contested.includes(field)), ...misspelt)
  mapped.sort((left, right) => left.index - right.index)
  problems.push(...contested.map((field) => describeContest(field, claims)))
  if (header.length > 0 && mapped.length === 0 && problems.length === 0) problems.push(describeNoMatch(header))
  return {
    mapped,
    unknown: free.filter(({ index }) => !used.has(index)).map((column) => column.header),
    contested,
    problems,
  }
}

function listFree(header: readonly string[], mapped: readonly MappedColumn[]): FreeColumn[] {
  return header.flatMap((name, index) => {
    const nameless = name.trim() === '' || name.trim() === PROBLEM_HEADER
    if (nameless || mapped.some((column) => column.index === index)) return []
    return [{ header: name, index, term: normaliseHeader(name) }]
  })
}

function claimByTerm({ header, index, term }: FreeColumn): MappedColumn[] {
  const field = HEADER_TERMS.get(term)
  if (field === undefined || field === null) return []
  return [{ header, field, index, by: term === normaliseHeader(field) ? 'name' : 'dictionary' }]
}

function describeContest(field: ColumnTarget, claims: readonly MappedColumn[]): Problem {
  const names = claims.filter((column) => column.field === field).map((column) => quote(column.header))
  return {
    row: 0,
    field,
    code: 'columns-contested',
    message: `The columns ${names.join(' and ')} both look like ${field}`,
    suggestion: `Choose the one to read ${field} from`,
  }
}

function describeNoMatch(header: readonly string[]): Problem {
  const isPerson = header.some((cell) => parseMac(cell) !== null || typeof parseEmail(cell) === 'string')
  const names = header
    .filter((name) => name.trim() !== '')
    .slice(0, 5)
    .map(quote)
  const message = isPerson
    ? 'The first line holds a person, not column names'
    : `No column is known: ${names.join(', ')}`
  const suggestion = 'A first line with names such as first_name, last_name, email, extension'
  return { row: 0, field: '', code: 'header-unknown', message, suggestion }
}
