import type { ColumnTarget } from './headers.ts'

export type MappedColumn = {
  /** As it stands in the file. */
  header: string
  field: ColumnTarget
  /** 0 = first column. */
  index: number
  /** How sure the match is; a page asks the admin to look at `similar` and `content`. */
  by: 'override' | 'remembered' | 'export' | 'name' | 'dictionary' | 'similar' | 'content'
}

/** A column that is left out on purpose. */
export type IgnoredColumn = {
  header: string
  index: number
  /** `chosen` by the admin, now or earlier; `secret`: a password of another system. */
  reason: 'chosen' | 'secret'
}

/** A column that nothing has claimed yet, with its normalised name. */
export type FreeColumn = { header: string; index: number; term: string }
