import { AppError } from '../model/app-error.ts'

/**
 * How a value must stand in a realtime table so that Asterisk reads it back as it was: res_config_odbc.c splits a value
 * at `;` and decodes `^XX`, and strips blanks at both ends.
 * @throws AppError `value-unsafe` for what no encoding saves: control characters and blanks at an end.
 */
export function encodeRealtime(value: string): string {
  if (/[\x00-\x1f\x7f]/.test(value) || value.trim() !== value)
    throw new AppError('value-unsafe', 'A value for Asterisk has a control character, or a blank at an end.')
  return value.replaceAll('^', '^5E').replaceAll(';', '^3B')
}

export function decodeRealtime(value: string): string {
  return value.replaceAll(/\^([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** Columns that are lists on purpose, and tables that our dialplan reads itself, without Asterisk's decoding. */
export function isEncoded(table: string, column: string): boolean {
  return table.startsWith('asterisk.') && table !== 'asterisk.extensions' && column !== 'set_var'
}
