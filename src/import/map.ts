import type { Problem } from '../model/problem.ts'
import { claimByContent } from './claim-by-content.ts'
import type { FreeColumn, IgnoredColumn, MappedColumn } from './column.ts'
import { describeContest, describeNoMatch, holdsPerson } from './header-faults.ts'
import { normaliseHeader } from './header-name.ts'
import { COLUMN_TARGETS, HEADER_TERMS, PROBLEM_HEADER, SECRET_TERMS, type ColumnTarget } from './headers.ts'
import { recogniseExport, type RecognisedExport } from './known-export.ts'
import { settleNames, settleNumbers, yieldEmpty } from './name-columns.ts'
import { applyOverrides, isNothing, type Overrides } from './overrides.ts'
import { matchSimilar } from './similar.ts'
import type { TableRow } from './table.ts'

export type MapOptions = {
  overrides?: Overrides | undefined
  /** Column name → field, as it was chosen before; `''` or `-` leaves the column out. */
  learned?: Readonly<Record<string, string>> | undefined
  /** What stands in the columns; without it nothing is claimed by content. */
  rows?: readonly TableRow[] | undefined
}

export type Mapping = {
  /** In the order of the columns; a column may serve several fields when overrides say so. */
  mapped: MappedColumn[]
  /** Columns with a name that nothing is read from, in the order of the file. */
  unknown: string[]
  /** Columns that are left out on purpose, in the order of the file. */
  ignored: IgnoredColumn[]
  /** The system that wrote the file, if its columns show it. */
  export: RecognisedExport | null
  /** Fields that two columns claim, so that none of them was taken. */
  contested: ColumnTarget[]
  problems: Problem[]
}

/**
 * Says what each column means: overrides first, then what was chosen before, then the canonical name and the
 * dictionary (of the system that wrote the file, if it is recognised) and, for columns and fields that are left, names
 * at most two typing errors away when only one field is that near, and at last what stands in the column.
 * Problems (row 0): `field-unknown`, `column-missing`, `columns-contested`, `header-unknown`.
 */
export function mapColumns(header: readonly string[], options: MapOptions = {}): Mapping {
  const { mapped, ignored, unread, problems } = applyOverrides(header, options.overrides ?? {})
  const recognised = recogniseExport(header)
  const taken = new Set<ColumnTarget>([...mapped.map(({ field }) => field), ...unread])
  const used = new Set([...mapped, ...ignored].map(({ index }) => index))
  const contested: ColumnTarget[] = []

  function settle(claims: readonly MappedColumn[]): void {
    const filled = yieldEmpty(claims.filter(isFree), options.rows)
    const settled = settleNames(settleNumbers(filled, taken, options.rows), taken, options.rows)
    const fields = [...new Set(settled.map(({ field }) => field))]
    const disputed = fields.filter((field) => settled.filter((column) => column.field === field).length > 1)
    mapped.push(...settled.filter(({ field }) => !disputed.includes(field)))
    contested.push(...disputed)
    problems.push(...disputed.map((field) => describeContest(field, settled)))
    for (const field of fields) taken.add(field)
    for (const { index } of settled) used.add(index)
  }
  function isFree({ field, index }: MappedColumn): boolean {
    return !taken.has(field) && !used.has(index)
  }
  function ignore(columns: readonly FreeColumn[], reason: IgnoredColumn['reason']): void {
    for (const { header: name, index } of columns) {
      if (used.has(index)) continue
      ignored.push({ header: name, index, reason })
      used.add(index)
    }
  }

  const named = listNamed(header)
  const learned = readLearned(options.learned)
  ignore(
    named.filter(({ term }) => learned.get(term) === null),
    'chosen',
  )
  settle(named.flatMap((column) => claim(column, learned.get(column.term), 'remembered')))
  ignore(
    named.filter(({ term }) => isSecret(term, recognised)),
    'secret',
  )
  settle(named.flatMap((column) => claimByTerm(column, recognised)))
  const unexplained = named.filter(({ index, term }) => !used.has(index) && !HEADER_TERMS.has(term))
  const isPerson = holdsPerson(header)
  if (recognised === null) {
    settle(matchSimilar(unexplained, taken))
    if (!isPerson) settle(claimByContent(unexplained, options.rows ?? []))
  }
  if (header.length > 0 && mapped.length === 0 && problems.length === 0)
    problems.push(describeNoMatch(header, isPerson))
  mapped.sort((left, right) => left.index - right.index)
  ignored.sort((left, right) => left.index - right.index)
  const unknown = named.filter(({ index }) => !used.has(index)).map((column) => column.header)
  return { mapped, unknown, ignored, export: recognised, contested, problems }
}

function listNamed(header: readonly string[]): FreeColumn[] {
  return header.flatMap((name, index) => {
    const isNameless = name.trim() === '' || name.trim() === PROBLEM_HEADER
    return isNameless ? [] : [{ header: name, index, term: normaliseHeader(name) }]
  })
}

/** Normalised column name → field, null for one to leave out. What was chosen for a field that is gone is forgotten. */
function readLearned(learned: MapOptions['learned'] = {}): Map<string, ColumnTarget | null> {
  return new Map(
    Object.entries(learned).flatMap(([name, wanted]) => {
      const field = isNothing(wanted) ? null : COLUMN_TARGETS.find((target) => target === wanted)
      return field === undefined ? [] : [[normaliseHeader(name), field] as const]
    }),
  )
}

function isSecret(term: string, recognised: RecognisedExport | null): boolean {
  const target = recognised?.terms.get(term)
  return target === undefined ? SECRET_TERMS.has(term) : target === 'secret'
}

function claimByTerm(column: FreeColumn, recognised: RecognisedExport | null): MappedColumn[] {
  const target = recognised?.terms.get(column.term)
  if (target === 'ignored' || target === 'secret') return []
  if (target !== undefined) return claim(column, target, 'export')
  const field = HEADER_TERMS.get(column.term)
  return claim(column, field, field && column.term === normaliseHeader(field) ? 'name' : 'dictionary')
}

function claim(
  { header, index }: FreeColumn,
  field: ColumnTarget | null | undefined,
  by: MappedColumn['by'],
): MappedColumn[] {
  return field === null || field === undefined ? [] : [{ header, field, index, by }]
}
