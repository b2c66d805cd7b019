import { parseEmail } from '../model/email.ts'
import { parseMac } from '../model/mac.ts'
import type { PersonField } from '../model/person.ts'
import type { FreeColumn, MappedColumn } from './column.ts'
import type { TableRow } from './table.ts'

/** Rows that are looked at, and how many cells of a column must be filled and alike to say what it is. */
const SAMPLE_ROWS = 200
const LEAST_CELLS = 2
const LEAST_SHARE = 0.9
const MAX_CHARACTERS = 254

/** What shows in a cell by itself; all else, such as an extension, could be any number. */
const PATTERNS: readonly (readonly [PersonField, (text: string) => boolean])[] = [
  ['mac', (text) => parseMac(text) !== null],
  ['email', (text) => typeof parseEmail(text) === 'string'],
  ['did', (text) => /^\+[1-9]\d{6,14}$/.test(text.replaceAll(/[\s()/.-]/g, ''))],
  ['sip_uri', (text) => /^sips?:\S+@\S+$/i.test(text)],
]

/** Claims columns by what stands in them; where two columns look the same, none of them. */
export function claimByContent(columns: readonly FreeColumn[], rows: readonly TableRow[]): MappedColumn[] {
  const sample = rows.slice(0, SAMPLE_ROWS)
  const claims = columns.flatMap(({ header, index }): MappedColumn[] => {
    const texts = sample.map(({ cells }) => (cells[index] ?? '').trim().slice(0, MAX_CHARACTERS))
    const filled = texts.filter((text) => text !== '' && text !== '-')
    if (filled.length < LEAST_CELLS) return []
    const field = PATTERNS.find(([, fits]) => filled.filter(fits).length >= filled.length * LEAST_SHARE)?.[0]
    return field === undefined ? [] : [{ header, index, field, by: 'content' }]
  })
  return claims.filter(({ field }) => claims.filter((other) => other.field === field).length === 1)
}
