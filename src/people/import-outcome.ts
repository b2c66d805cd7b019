import type { ImportCounts } from '../db/imports.ts'
import type { People } from '../import/people-from-table.ts'
import type { Detected } from '../import/table.ts'
import { writeErrors } from '../import/write-errors.ts'
import type { Problem } from '../model/problem.ts'
import { type PersonPlan, verbOf, type Verb } from '../plan/change.ts'
import type { ImportOptions, OpenedImport } from './open-import.ts'

/** Plans that an outcome still shows whole; of the others it keeps the counts. */
const MOST_SHOWN = 100

export type ImportOutcome = {
  /** Null for a preview, and when it was refused. */
  import: number | null
  state: 'previewed' | 'applied' | 'refused'
  rows: number
  counts: ImportCounts
  /** Rows of tables that are or would be written. */
  changes: Record<Verb, number>
  /** In the order of rows. */
  problems: Problem[]
  /** The first people to whom something happens or who have problems, in the order of rows. */
  shown: PersonPlan[]
  /** How many there are beyond those. */
  notShown: number
  /** People whose changes were held back: `--update` was not given. */
  heldBack: number
  read: People
  /** What the source turned out to be. */
  detected: Detected
  /** The rows with problems as a file, see `writeErrors`; passwords stand in it, which is why it is not a value here. */
  writeErrors: () => Buffer
}

/** Adds people up as they are planned; `add` returns those whose changes may be written with these options. */
export function startSummary(
  { table, read, edits }: Pick<OpenedImport, 'table' | 'read' | 'edits'>,
  options: ImportOptions,
) {
  const counts: ImportCounts = { new: 0, changed: 0, unchanged: 0, missing: 0, problem: 0 }
  const changes: Record<Verb, number> = { create: 0, update: 0, delete: 0 }
  const problems: Problem[] = [...read.problems]
  const found = new Set(read.problems)
  const shown: PersonPlan[] = []
  let touched = 0
  let heldBack = 0
  const isChosen = ({ verdict }: PersonPlan) =>
    verdict === 'new' || (verdict === 'changed' && options.update) || (verdict === 'missing' && options.prune)
  return {
    problems: problems as readonly Problem[],
    add(people: PersonPlan[]): PersonPlan[] {
      const chosen = people.filter(isChosen)
      for (const person of people) {
        counts[person.verdict]++
        problems.push(...person.problems.filter((problem) => !found.has(problem)))
        if (person.verdict === 'unchanged') continue
        if (touched++ < MOST_SHOWN) shown.push(person)
        if (person.changes.length > 0 && !isChosen(person)) heldBack++
      }
      for (const person of chosen) for (const change of person.changes) changes[verbOf(change)]++
      return chosen
    },
    finish: (state: ImportOutcome['state'], id: number | null, missing: number): ImportOutcome => ({
      ...{ import: id, state, rows: read.rows, counts: { ...counts, missing }, changes, read, heldBack },
      detected: table.detected,
      problems: problems.sort((a, b) => a.row - b.row),
      shown: shown.sort((a, b) => a.row - b.row),
      notShown: touched - shown.length,
      writeErrors: () =>
        writeErrors({ header: read.header, columns: read.columns, faulty: table.rows, problems, edits }),
    }),
  }
}
