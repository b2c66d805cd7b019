/** A spreadsheet program keeps this many digits of a number and fills the rest with zeros (Excel specifications). */
const EXACT_DIGITS = 15

/** A number as a workbook holds it, before anybody has rounded it to what JavaScript can. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * The text of a cell that was stored as a value. Whole numbers are their digits without exponent; one with more than
 * 15 digits has lost some and is written with exponent, which marks it as rounded for everybody who reads it.
 * Null is `-`, which clears; dates are ISO 8601; lists have commas.
 */
export function writeCellText(value: unknown): string {
  if (value === undefined) return ''
  if (value === null) return '-'
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value instanceof NumberText) return writeNumber(Number(value.text), EXACT_DIGITS)
  if (typeof value === 'number') return writeNumber(value, EXACT_DIGITS + 1)
  if (value instanceof Date) return writeDate(value)
  if (Array.isArray(value)) return value.map(writeCellText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : ''
}

function writeNumber(value: number, exactDigits: number): string {
  if (!Number.isInteger(value)) return String(value)
  const isExact = Number.isSafeInteger(value) && Math.abs(value) < 10 ** exactDigits
  return isExact ? String(value) : value.toExponential().toUpperCase()
}

function writeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const text = date.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}
