import { Fault } from './fault.ts'
import { quote } from './quote.ts'

/** Internal numbers of one length, both ends included; leading zeros count. */
export type NumberRange = { readonly from: string; readonly to: string }

const MAX_RANGES = 50

/** Reads `1000-1999, 2500`. Faults: `range-invalid`. */
export function parseNumberRanges(text: string): readonly NumberRange[] | Fault {
  const ranges: NumberRange[] = []
  for (const part of text.split(/[,;]/).filter((piece) => piece.trim() !== '')) {
    const [, from, to = from] = /^\s*(\d{2,10})\s*(?:[-–]\s*(\d{2,10})\s*)?$/.exec(part) ?? []
    if (from === undefined || to === undefined)
      return new Fault('range-invalid', `${quote(part.trim())} is not a range of extensions`, 'Such as 1000-1999')
    if (from.length !== to.length || from > to) {
      const message = `${quote(part.trim())} does not run upwards between numbers of one length`
      return new Fault('range-invalid', message, 'Such as 1000-1999')
    }
    ranges.push({ from, to })
  }
  if (ranges.length > 0 && ranges.length <= MAX_RANGES) return ranges
  return new Fault('range-invalid', `${ranges.length} ranges were found`, `1 to ${MAX_RANGES} ranges such as 1000-1999`)
}

export function isInRanges(number: string, ranges: readonly NumberRange[]): boolean {
  return ranges.some(({ from, to }) => number.length === from.length && number >= from && number <= to)
}

/** As a range is written. */
export function formatRanges(ranges: readonly NumberRange[]): string {
  return ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(', ')
}
