import { Secret } from '../model/secret.ts'

/** A column's value. JSON columns hold their text, byte columns their lower-case hex. */
export type Value = string | number | boolean | null | Secret

/** One row of any table: column name to value, only columns that we write. */
export type Row = Readonly<Record<string, Value>>

export function isSameValue(a: Value | undefined, b: Value | undefined): boolean {
  return a instanceof Secret ? a.equals(b) : a === b
}

/** Compares the columns of `wanted`, leaving out `ignored`: what a row holds beyond them is not ours. */
export function isSameRow(wanted: Row, actual: Row, ignored: readonly string[] = []): boolean {
  return Object.keys(wanted).every((column) => ignored.includes(column) || isSameValue(wanted[column], actual[column]))
}
