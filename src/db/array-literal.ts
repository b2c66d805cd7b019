/** What a query parameter may be, and an element of an array of them. */
export type Parameter = string | number | boolean | Buffer | null

/** A list as PostgreSQL reads an array, as the driver would write it but in half the time; bytes as `bytea[]` has them. */
export function toArrayLiteral(values: readonly Parameter[]): string {
  return `{${values.map(toElement).join(',')}}`
}

function toElement(value: Parameter): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string')
    return SPECIAL.test(value) ? `"${value.replaceAll(EVERY_SPECIAL, '\\$&')}"` : `"${value}"`
  return Buffer.isBuffer(value) ? `"\\\\x${value.toString('hex')}"` : String(value)
}

const SPECIAL = /["\\]/
const EVERY_SPECIAL = /["\\]/g

/** Texts without a line break, such as JSON, as one parameter of `string_to_table($1, E'\n')`: nothing is escaped. */
export function toLines(texts: readonly string[]): string {
  return texts.join('\n')
}
