import { Fault, placeFault } from '../model/fault.ts'
import { splitFullName } from '../model/person-name.ts'
import type { Person, PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { ParseCell } from './cells.ts'
import type { MappedColumn } from './column.ts'
import type { ColumnHabits } from './column-habits.ts'
import type { CompiledDefaults } from './defaults.ts'
import { judgeByColumn } from './lost-digits.ts'
import type { RowEdit } from './row-edit.ts'
import type { TableRow } from './table.ts'

/** A person on the way: what could be read of a row, before rows are compared and required values are asked for. */
export type Draft = {
  person: Person
  /** Fields whose cell held something that is wrong, so that nobody reports them as missing too. */
  faulty: Set<PersonField>
  /** Fields that no cell and no `--set` gave; for a person who exists they are no reason to change anything. */
  defaulted: PersonField[]
}

/** Reads one row, the texts of `edit` instead of its cells; adds what is wrong with them to `problems`. */
export function draftPerson(
  { row, cells }: TableRow,
  columns: readonly MappedColumn[],
  parseCell: ParseCell,
  defaults: CompiledDefaults,
  problems: Problem[],
  habits: ColumnHabits,
  edit?: RowEdit['values'],
): Draft {
  const draft: Draft = { person: { row }, faulty: new Set(), defaulted: [] }
  const texts = collectTexts(cells, columns, edit)
  // The location comes first: its country completes the numbers in the other cells.
  const location = parseCell('location', texts.get('location') ?? '')
  const { rules, values } = defaults.at(location instanceof Fault ? undefined : location)
  const region = rules.calling_code ?? rules.country ?? undefined
  for (const [field, text] of texts) {
    const value = judgeByColumn(field, text, parseCell(field, text, region), habits, region)
    if (value instanceof Fault) {
      draft.faulty.add(field)
      problems.push(placeFault(value, row, field, text))
    } else if (value !== undefined) setField(draft.person, field, value)
  }
  for (const [field, { value, layer }] of values) {
    if (draft.person[field] !== undefined || draft.faulty.has(field)) continue
    setField(draft.person, field, value)
    if (layer !== 'set') draft.defaulted.push(field)
  }
  return draft
}

/** The one place where the type of a field and of its value part: every value comes from the parser of that field. */
export function setField(person: Person, field: PersonField, value: Person[PersonField]): void {
  ;(person as Record<PersonField, unknown>)[field] = value
}

/** Field → text. A whole name is for who has neither half of it; a corrected name wins over all columns. */
export function collectTexts(
  cells: readonly string[],
  columns: readonly MappedColumn[],
  edit: RowEdit['values'] = {},
): Map<PersonField, string> {
  const texts = new Map<PersonField, string>()
  let whole: string | null = null
  for (const { field, index } of columns) {
    if (field === 'full_name') whole = cells[index] ?? ''
    else texts.set(field, cells[index] ?? '')
  }
  if (whole !== null && isBlank(texts.get('first_name')) && isBlank(texts.get('last_name'))) {
    const clears = whole.trim() === '-'
    const { first, last } = clears ? { first: '-', last: '-' } : splitFullName(whole)
    texts.set('first_name', first)
    texts.set('last_name', last)
  }
  for (const [field, text] of Object.entries(edit) as [PersonField, string][]) texts.set(field, text)
  return texts
}

function isBlank(text = ''): boolean {
  return text.trim() === ''
}
