import { z } from 'zod'
import { DUE_STATES } from '../../db/imports.ts'
import { PERSON_FIELDS } from '../../model/person.ts'
import type { ViewedImport } from '../../people/stored-imports/view-import.ts'
import { ID, TIME } from './fields.ts'

/** A list of people as it leaves a spreadsheet program; what is inside is found out. */
export const SHEET = {
  types: [
    'application/octet-stream',
    'text/csv',
    'text/tab-separated-values',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  limitBytes: 50_000_000,
} as const

export const FIELD = z.enum(PERSON_FIELDS)
const TEXTS = z.record(z.string().max(100), z.string().max(2000))

/** How a source is read, and what may happen to the people whom it does or does not name. */
export const OPTIONS = {
  map: z.partialRecord(FIELD, z.string().max(500)).optional().describe('Field → column, where it is not found'),
  values: z.partialRecord(FIELD, TEXTS).optional().describe('Field → text in the file → what it means, for all rows'),
  set: TEXTS.optional().describe('Fields and rules that hold for all rows'),
  defaults: TEXTS.optional().describe('Fields and rules that complete new people'),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().max(10).optional(),
  sheet: z.string().max(100).optional(),
  update: z.boolean().optional().describe('Change people who exist'),
  prune: z.boolean().optional().describe('Delete people whom it does not name'),
  adopt: z.boolean().optional().describe("Take over rows of Asterisk's that are not ours"),
  notify: z.email().optional().describe('Who is told when it is done'),
}

const PROBLEM = z
  .strictObject({
    ...{ row: z.int(), field: z.string(), code: z.string(), message: z.string() },
    ...{ suggestion: z.string().optional(), repair: z.string().optional() },
  })
  .meta({ id: 'ImportProblem' })
const COUNT = z.int().min(0)
const COUNTS = z.strictObject({ new: COUNT, changed: COUNT, unchanged: COUNT, missing: COUNT, problem: COUNT })
const PROGRESS = z.strictObject({ phase: z.string(), done: COUNT, total: COUNT })

export const LISTED_IMPORT = z
  .strictObject({
    ...{ id: ID, source: z.string(), actor: z.string(), revision: z.int(), note: z.string().nullable() },
    state: z.enum([...DUE_STATES, 'planned', 'applied', 'undone', 'failed']),
    counts: COUNTS.partial(),
    kept: z.array(z.string()).describe('Who was edited since and therefore kept by an undo'),
    ...{ created_at: TIME, applied_at: TIME.nullable(), undone_at: TIME.nullable() },
    ...{ credentials_until: TIME.nullable(), erased_at: TIME.nullable() },
  })
  .meta({ id: 'ListedImport' })

export const IMPORT = z
  .strictObject({
    ...LISTED_IMPORT.shape,
    options: z.record(z.string(), z.unknown()),
    ...{ problems: z.array(PROBLEM), warnings: z.array(PROBLEM), detected: z.record(z.string(), z.unknown()) },
    refused: z.array(PROBLEM).describe('What is wrong with the last corrected file, if it was not taken'),
    progress: PROGRESS.nullable(),
  })
  .meta({ id: 'Import' })

export const IMPORT_ROW = z
  .strictObject({
    ...{ row: z.int(), verdict: z.string(), who: z.string(), cells: z.record(z.string(), z.string()) },
    changes: z.array(
      z.strictObject({
        ...{ table: z.string(), verb: z.enum(['create', 'update', 'delete']), key: z.string().optional() },
        fields: z.record(z.string(), z.unknown()),
      }),
    ),
    problems: z.array(PROBLEM),
  })
  .meta({ id: 'ImportRow' })

export function showListed(record: Omit<ViewedImport, 'progress'>): z.input<typeof LISTED_IMPORT> {
  const { id, source, actor, revision, note, state, counts, kept } = record
  return { id, source, actor, revision, note, state, counts, kept, ...showTimes(record) }
}

export function showImport(record: ViewedImport): z.input<typeof IMPORT> {
  const { options, problems, warnings, detected, refused, progress } = record
  return { ...showListed(record), options, problems, warnings, detected, refused, progress }
}

function showTimes(record: Omit<ViewedImport, 'progress'>) {
  const show = (time: Date | null) => time?.toISOString() ?? null
  return {
    ...{ created_at: record.created_at.toISOString(), applied_at: show(record.applied_at) },
    ...{ undone_at: show(record.undone_at), credentials_until: show(record.credentials_until) },
    erased_at: show(record.erased_at),
  }
}
