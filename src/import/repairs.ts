import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { RowEdit } from './row-edit.ts'

/** Problems of one cause: the same code in the same field. */
export type RepairGroup = {
  field: PersonField
  code: string
  /** All rows that have it, ascending. */
  rows: number[]
  /** In how many of them the cell that would cure it is known. */
  count: number
  /** One of those cells, before and after; null when no row has a repair. */
  example: { from: string; to: string } | null
}

/** Gathers the problems (or warnings) of cells by cause, those with the most repairs first. */
export function listRepairs(problems: readonly Problem[]): RepairGroup[] {
  const ofCells = problems.filter((problem) => problem.row > 0 && isPersonField(problem.field))
  const groups = Map.groupBy(ofCells, ({ field, code }) => `${field} ${code}`)
  const listed = [...groups.values()].map((group): RepairGroup => {
    const curable = group.filter(({ repair }) => repair !== undefined)
    const [first] = curable
    return {
      field: group[0]!.field as PersonField,
      code: group[0]!.code,
      rows: [...new Set(group.map(({ row }) => row))].toSorted((left, right) => left - right),
      count: curable.length,
      example: first === undefined ? null : { from: first.found ?? '', to: first.repair! },
    }
  })
  return listed.toSorted((left, right) => right.count - left.count || right.rows.length - left.rows.length)
}

/**
 * Makes the edits that cure one {@link RepairGroup}: each row's own repair, or `value` in all rows. Rows without a repair
 * stay as they are when no value is given.
 */
export function repairEdits(
  problems: readonly Problem[],
  { field, code, value }: { field: PersonField; code: string; value?: string | undefined },
): Map<number, RowEdit> {
  const edits = new Map<number, RowEdit>()
  for (const problem of problems) {
    const text = value ?? problem.repair
    if (problem.row === 0 || problem.field !== field || problem.code !== code || text === undefined) continue
    edits.set(problem.row, { values: { [field]: text } })
  }
  return edits
}

function isPersonField(name: string): name is PersonField {
  return PERSON_FIELDS.some((field) => field === name)
}
