import { Fault } from './fault.ts'
import { quote } from './quote.ts'

const YES = 'yes y true t 1 x on ja j wahr ein oui o vrai si s verdadero activado enabled ✓ ✔'.split(' ')
const NO = 'no n false f 0 off nein falsch aus non faux falso desactivado disabled ✗ ✘'.split(' ')
const words = new Map([...YES.map((word) => [word, true] as const), ...NO.map((word) => [word, false] as const)])

/** Reads yes and no as people mark them in English, German, French and Spanish. Faults: `yes-no-invalid`. */
export function parseYesNo(text: string): boolean | Fault {
  // Accents are dropped, so that `sí` is `si`.
  const word = text.trim().toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')
  const answer = words.get(word)
  if (answer !== undefined) return answer
  // Spreadsheet programs write 1 and 0 of a column of decimals so.
  const [, digit] = /^([01])[.,]0+$/.exec(word) ?? []
  const repair = digit === undefined ? undefined : digit === '1' ? 'yes' : 'no'
  return new Fault('yes-no-invalid', `${quote(text)} is neither yes nor no`, repair ?? 'yes or no', repair)
}
