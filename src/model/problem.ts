/**
 * Faulty input, as a value: collected, never thrown.
 * `row` is the line of the table the admin sees (1 = first data row), 0 when the file as a whole is meant;
 * `field` is a canonical field name, '' when the row as a whole is meant; `code` is stable and kebab-case;
 * `message` says what was found, `suggestion` what would be right, `repair` the text of the cell that would cure it,
 * where that follows from what is there, and then `found` the text that is there.
 */
export type Problem = {
  row: number
  field: string
  code: string
  message: string
  suggestion?: string
  repair?: string
  found?: string
}
