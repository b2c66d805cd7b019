import type { Mac } from '../model/mac.ts'
import { isSecretField, PERSON_FIELDS, type Person, type PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { makeParseCell } from './cells.ts'
import { makeCheckPerson, type CheckOptions } from './check.ts'
import { learnHabits } from './column-habits.ts'
import type { IgnoredColumn, MappedColumn } from './column.ts'
import { compileDefaults, type Layer } from './defaults.ts'
import { draftPerson, type Draft } from './draft.ts'
import { findDuplicates } from './duplicates.ts'
import { listChoices, type Choice } from './list-choices.ts'
import { mapColumns, type MapOptions, type Mapping } from './map.ts'
import { dropSettled, editRows, type RowEdits } from './row-edit.ts'
import type { Table, TableRow } from './table.ts'
import { listNames, translateValues, type KnownEntries, type ValueMap } from './value-mapping.ts'
import { findWarnings, type WarningOptions } from './warnings.ts'

export type PeopleOptions = CheckOptions &
  WarningOptions &
  Pick<MapOptions, 'overrides' | 'learned'> & {
    /** What texts of the file mean, as the admin chose. */
    values?: ValueMap | undefined
    /** The strongest first. */
    defaults?: readonly Layer[] | undefined
    known?: KnownEntries | undefined
    /** The model of a phone that has no cell or default for it, as far as somebody knows. */
    modelForMac?: ((mac: Mac) => string | null) | undefined
    /** What the admin corrected since. */
    edits?: RowEdits | undefined
    /** Row to the id of the user whom it means, for rows that say so beside their cells. */
    userIds?: Readonly<Record<string, number>> | undefined
  }

/** A person with nothing wrong. */
export type ReadPerson = Person & {
  /** Fields that neither the row nor `--set` gave: they complete new people and change nobody who exists. */
  defaulted?: readonly PersonField[]
}

/** A row with something wrong, as it was found; cells of PINs and passwords are sealed. */
export type FaultyRow = { row: number; cells: readonly (string | Secret)[] }

export type People = {
  /** Only rows without a problem; nobody while there is a problem in row 0. */
  people: ReadPerson[]
  /** In the order of rows and, within a row, of fields. */
  problems: Problem[]
  /** What is allowed and yet worth a look, in the same form. */
  warnings: Problem[]
  columns: {
    mapped: MappedColumn[]
    unknown: string[]
    ignored: IgnoredColumn[]
    /** Name of the system that wrote the file, if its columns show it. */
    system: string | null
  }
  /** Texts that name nothing at the tenant, the most frequent first. */
  choices: Choice[]
  header: readonly string[]
  /** The other rows: people and these together are all rows. */
  faulty: FaultyRow[]
  /** How many rows have something in them, those that edits added included and those that they skip not. */
  rows: number
  /** How many rows edits leave out. */
  skipped: number
}

/** Maps, completes and checks the rows of any source. `read` are problems that reading the table has brought up. */
export function peopleFromTable(table: Table, options: PeopleOptions = {}, read: readonly Problem[] = []): People {
  const mapping = mapColumns(table.header, { ...options, rows: table.rows })
  const { rows, skipped } = editRows(table, options.edits)
  const found = dropSettled(read, mapping.mapped, options.edits)
  const known = options.known ?? {}
  const parseCell = makeParseCell(listNames(known))
  const defaults = compileDefaults(options.defaults ?? [], parseCell)
  const problems = [...found, ...mapping.problems, ...defaults.problems]
  const uncertain = uncertainFields(mapping.problems)
  const shifted = new Set(read.filter(isShapeProblem).map(({ row }) => row))
  const broken = new Set(found.filter(isShapeProblem).map(({ row }) => row))
  // In a row that lacks or swallowed a delimiter the values stand below the wrong names, secrets among them.
  const whole = rows.filter(({ row }) => !broken.has(row))
  const values = [options.values, mapping.export?.values]
  const meant = translateValues(whole, mapping.mapped, table.header.length, values, known)
  const habits = learnHabits(meant.rows, meant.columns, options.edits)
  const drafts = meant.rows.map((row) => {
    const edit = options.edits?.get(row.row)?.values
    const draft = draftPerson(row, meant.columns, parseCell, defaults, problems, habits, edit)
    const userId = options.userIds?.[row.row]
    if (userId !== undefined) draft.person.user_id = userId
    for (const field of uncertain) draft.faulty.add(field)
    completeModel(draft, options.modelForMac)
    return draft
  })
  const checkPerson = makeCheckPerson(options, (location) => defaults.at(location).rules.country)
  // Without a single known column every row would only repeat that.
  if (mapping.mapped.length > 0) for (const draft of drafts) problems.push(...checkPerson(draft))
  // One by one: as arguments of one call they would be more than the stack holds.
  for (const problem of findDuplicates(drafts.map(({ person }) => person))) problems.push(problem)
  const secret = secretColumns(mapping)
  const faultyRows = new Set(problems.map(({ row }) => row))
  const isFaulty = (row: number): boolean => faultyRows.has(0) || faultyRows.has(row)
  return {
    people: drafts.filter(({ person }) => !isFaulty(person.row)).map(finishPerson),
    problems: sortProblems(problems),
    warnings: findWarnings(
      drafts.map(({ person }) => person),
      defaults,
      options,
    ),
    columns: {
      mapped: mapping.mapped,
      unknown: [...mapping.unknown, ...listNameless(table)],
      ignored: mapping.ignored,
      system: mapping.export?.system ?? null,
    },
    choices: listChoices(meant.rows, meant.columns, mapping.mapped, parseCell, known),
    header: table.header,
    faulty: rows.filter(({ row }) => isFaulty(row)).map((row) => sealRow(row, secret, shifted)),
    rows: rows.length,
    skipped,
  }
}

/** Fields that a mapping problem leaves without a column: their absence in the rows is no news. */
function uncertainFields(problems: readonly Problem[]): PersonField[] {
  return problems.flatMap(({ field }) => {
    if (field === 'full_name') return ['first_name', 'last_name'] as const
    return PERSON_FIELDS.filter((known) => known === field)
  })
}

function completeModel({ person, faulty, defaulted }: Draft, modelForMac: PeopleOptions['modelForMac']): void {
  if (typeof person.mac !== 'string' || person.model !== undefined || faulty.has('model')) return
  const model = modelForMac?.(person.mac) ?? null
  if (model === null) return
  person.model = model
  defaulted.push('model')
}

function finishPerson({ person, defaulted }: Draft): ReadPerson {
  return defaulted.length === 0 ? person : { ...person, defaulted }
}

function isShapeProblem({ code }: Problem): boolean {
  return code === 'row-short' || code === 'row-long' || code === 'cell-too-long'
}

/** Columns without a name that hold something: they are not read, and nobody shall believe they are. */
function listNameless({ header, rows }: Table): string[] {
  const nameless = header.flatMap((name, index) => (name.trim() === '' ? [index] : []))
  const filled = nameless.filter((index) => rows.some(({ cells }) => (cells[index] ?? '').trim() !== ''))
  return filled.map((index) => `column ${index + 1}`)
}

/** Places of cells that nobody may see: PINs, passwords, and those of other systems. */
function secretColumns({ mapped, ignored }: Mapping): Set<number> {
  const ours = mapped.filter(({ field }) => isSecretField(field))
  return new Set([...ours, ...ignored.filter(({ reason }) => reason === 'secret')].map(({ index }) => index))
}

function sealRow({ row, cells }: TableRow, secret: ReadonlySet<number>, shifted: ReadonlySet<number>): FaultyRow {
  const isSecret = (index: number): boolean => shifted.has(row) || secret.has(index)
  return { row, cells: cells.map((cell, index) => (isSecret(index) ? new Secret(cell) : cell)) }
}

function sortProblems(problems: readonly Problem[]): Problem[] {
  const order = new Map<string, number>(PERSON_FIELDS.map((field, index) => [field, index]))
  const rank = ({ field }: Problem): number => order.get(field) ?? -1
  return problems.toSorted((left, right) => left.row - right.row || rank(left) - rank(right))
}
