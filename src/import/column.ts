import type { ColumnTarget } from './headers.ts'

export type MappedColumn = {
  /** As it stands in the file. */
  header: string
  field: ColumnTarget
  /** 0 = first column. */
  index: number
  /** How sure the match is; a page asks the admin to look at `similar` ones. */
  by: 'override' | 'name' | 'dictionary' | 'similar'
}

/** A column that nothing has claimed yet, with its normalised name. */
export type FreeColumn = { header: string; index: number; term: string }
