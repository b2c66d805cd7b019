import { Fault } from '../model/fault.ts'
import { parseMac } from '../model/mac.ts'
import { callingCodeOfNumber, parseCallerNumber, parseNumber } from '../model/number.ts'
import type { Person, PersonField } from '../model/person.ts'
import { quote } from '../model/quote.ts'
import type { ColumnHabits, NumberHabit } from './column-habits.ts'

type Value = Person[PersonField] | Fault

/**
 * Judges what a cell parser said of `text` once more by how the rest of its column is written: a spreadsheet program
 * takes leading zeros and `+` away. Answers `value` or a fault with its repair: `number-plus-lost`,
 * `number-zero-lost`, `extension-zero-lost`, `mac-damaged`, and a repair for `number-needs-country`.
 */
export function judgeByColumn(
  field: PersonField,
  text: string,
  value: Value,
  habits: ColumnHabits,
  region: string | undefined,
): Value {
  if (value === undefined || value === null) return value
  switch (field) {
    case 'did':
    case 'caller_id':
      return judgeNumber(field, text.trim(), value, habits.numbers[field], region)
    case 'extension':
      return judgeExtension(text.trim(), value, habits.extensionWidth)
    case 'mac':
      return judgeMac(text.trim(), value, habits.makers)
    default:
      return value
  }
}

function judgeNumber(
  field: 'did' | 'caller_id',
  text: string,
  value: Value,
  habit: NumberHabit | undefined,
  region: string | undefined,
): Value {
  if (habit === undefined) return value
  const digits = text.replaceAll(/[\s\p{Pd}./()]/gu, '')
  if (/^[1-9]\d{6,14}$/.test(digits)) {
    const whole = habit.plus ? parseNumber(`+${digits}`) : null
    if (typeof whole === 'string' && whole !== value && isLikely(whole, value, habit)) {
      const message = `${quote(text)} has lost its +, which the other numbers of the column have`
      return new Fault('number-plus-lost', message, whole, whole)
    }
    const parse = field === 'did' ? parseNumber : parseCallerNumber
    const national = habit.zero ? parse(`0${digits}`, region) : null
    if (typeof national === 'string' && national !== value) {
      const message = `${quote(text)} has lost its leading zero, which the other numbers of the column have`
      return new Fault('number-zero-lost', message, `0${digits}`, `0${digits}`)
    }
  }
  if (!(value instanceof Fault) || value.code !== 'number-needs-country' || habit.callingCode === null) return value
  const completed = parseNumber(text, habit.callingCode)
  return completed instanceof Fault ? value : new Fault(value.code, value.message, completed, completed)
}

/** A number that also makes sense as it stands lost its `+` only if it starts like the others. */
function isLikely(whole: string, value: Value, { callingCode }: NumberHabit): boolean {
  return value instanceof Fault || (callingCode !== null && callingCodeOfNumber(whole) === callingCode)
}

function judgeExtension(text: string, value: Value, width: number | null): Value {
  if (width === null || !/^\d+$/.test(text) || text.length >= width) return value
  const whole = text.padStart(width, '0')
  const message = `${quote(text)} has lost its leading zeros: the other extensions have ${width} digits`
  return new Fault('extension-zero-lost', message, whole, whole)
}

function judgeMac(text: string, value: Value, makers: ReadonlySet<string>): Value {
  const digits = text.toLowerCase().replaceAll(/[\s:.-]/g, '')
  if (!(value instanceof Fault) || value.repair !== undefined || !/^[1-9a-f][0-9a-f]{7,10}$/.test(digits)) return value
  const whole = parseMac(digits.padStart(12, '0'))
  if (whole === null || !makers.has(whole.slice(0, 6))) return value
  const message = `${quote(text)} has lost its leading zeros, which the other phones of the column have`
  return new Fault('mac-damaged', message, whole, whole)
}
