import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { PROBLEM_HEADER } from './headers.ts'
import type { People } from './people-from-table.ts'
import { writeTable } from './write-table.ts'

/**
 * The rows with problems as a CSV that can be corrected and read again: the columns as they came, and `problem` last.
 * PINs and passwords stand in it as the admin wrote them: hand it to nobody else and do not keep it.
 */
export function writeErrors(result: Pick<People, 'header' | 'faulty' | 'problems'>): Buffer {
  const width = result.header.length
  const kept = result.header.flatMap((name, index) => (name.trim() === PROBLEM_HEADER ? [] : [index]))
  const byRow = Map.groupBy(result.problems, ({ row }) => row)
  const rows = result.faulty.map(({ row, cells }) => {
    const problems = [...(byRow.get(0) ?? []), ...(byRow.get(row) ?? [])].map(describeProblem).join('\n')
    // Surplus cells keep their row too long, so that it cannot pass by losing them.
    return [...kept.map((index) => openCell(cells[index] ?? '')), problems, ...cells.slice(width).map(openCell)]
  })
  return writeTable([...kept.map((index) => result.header[index]!), PROBLEM_HEADER], rows)
}

function openCell(cell: string | Secret): string {
  return cell instanceof Secret ? cell.reveal() : cell
}

function describeProblem({ field, message, suggestion }: Problem): string {
  const text = field === '' ? message : `${field}: ${message}`
  return suggestion === undefined ? text : `${text} → ${suggestion}`
}
