const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?e[+-]\d+$/i

/** True for `1.50E+10` and `4,93E+11`: what spreadsheet programs make of long runs of digits. The digits are gone. */
export function isScientificNotation(text: string): boolean {
  return SCIENTIFIC.test(text.trim())
}
