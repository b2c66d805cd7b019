import { z } from 'zod'
import type { Tenant } from '../../../db/tenants.ts'
import type { Source } from '../../../import/read-source.ts'
import { approveImport } from '../../../people/stored-imports/approve-import.ts'
import { createImport } from '../../../people/stored-imports/create-import.ts'
import { changeOptions, editRows, repairRows } from '../../../people/stored-imports/edit-import.ts'
import { requestUndo } from '../../../people/stored-imports/request-undo.ts'
import { viewImport, viewImports, viewRows } from '../../../people/stored-imports/view-import.ts'
import { BY_ID } from '../fields.ts'
import { FIELD, IMPORT, IMPORT_ROW, LISTED_IMPORT, OPTIONS, SHEET, showImport, showListed } from '../import-schemas.ts'
import { answerPage, ID_KEY, PAGE, pageSchema, readCursor } from '../pages.ts'
import { type ApiSite, route } from '../route.ts'

const ROW_ID = z.strictObject({
  ...BY_ID.shape,
  row: z
    .string()
    .regex(/^[1-9]\d{0,6}$/)
    .transform(Number),
})
const NAME = z.string().trim().min(1).max(200).describe('File name or other origin, for the history')
const YES = z.enum(['true', 'false']).optional()
const BY_FILE = z.strictObject({
  ...{ source: NAME.optional(), encoding: OPTIONS.encoding, delimiter: OPTIONS.delimiter, sheet: OPTIONS.sheet },
  ...{ update: YES, prune: YES, adopt: YES, notify: OPTIONS.notify },
})
const BY_JSON = z.strictObject({
  source: NAME.optional(),
  rows: z.array(z.record(z.string(), z.unknown())).max(100_000).optional().describe('Column → value'),
  text: z.string().optional().describe('A table as it was pasted'),
  options: z.strictObject(OPTIONS).optional(),
})

const tag = 'imports'
const write = { scope: 'people:write', reach: 'tenant', tag } as const
const read = { scope: 'people:read', reach: 'tenant', tag } as const

export const importRoutes = [
  route({
    ...{ method: 'post', path: '/imports', ...write },
    summary: 'Bring people, as a file, a pasted table or rows; they are planned in the background',
    query: BY_FILE,
    body: BY_JSON.refine(({ rows, text }) => (rows === undefined) !== (text === undefined), {
      message: 'Either rows or text.',
    }),
    file: SHEET,
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, query, body, file, actor }) {
      const { source = file ? 'upload' : 'api', update, prune, adopt, ...reading } = query
      const flags = { update: update === 'true', prune: prune === 'true', adopt: adopt === 'true' }
      const options = file ? { ...reading, ...flags } : (body.options ?? {})
      const input = file ? ({ kind: 'file', bytes: file } as const) : toSource(body)
      const name = file ? source : (body.source ?? source)
      const id = await createImport(site.desk, { tenant, source: name, actor, input, options })
      return { ...(await answerImport(site, tenant, id, 202)), headers: { Location: `/api/v1/imports/${id}` } }
    },
  }),
  route({
    ...{ method: 'get', path: '/imports', ...read, summary: 'History, the newest first' },
    query: z.strictObject(PAGE),
    answer: { status: 200, body: pageSchema(LISTED_IMPORT) },
    async handle({ site, tenant, query }) {
      const before = readCursor(query, ID_KEY) ?? undefined
      const found = await viewImports(site.desk, tenant, { before, limit: query.limit + 1 })
      return answerPage('/imports', query, found.map(showListed), ({ id }) => id)
    },
  }),
  route({
    ...{ method: 'get', path: '/imports/{id}', ...read, summary: 'State, counts and progress of an import' },
    params: BY_ID,
    answer: { status: 200, body: IMPORT },
    handle: ({ site, tenant, params }) => answerImport(site, tenant, params.id, 200),
  }),
  route({
    ...{ method: 'patch', path: '/imports/{id}', ...write, summary: 'Read and plan it with other options' },
    params: BY_ID,
    body: z.strictObject(OPTIONS),
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, params, body, actor }) {
      await changeOptions(site.desk, { tenant, importId: params.id, actor }, body)
      return answerImport(site, tenant, params.id, 202)
    },
  }),
  route({
    ...{ method: 'get', path: '/imports/{id}/rows', ...read, summary: 'What each row means, in the order of the file' },
    params: BY_ID,
    query: z.strictObject({
      ...{ ...PAGE, verdict: z.enum(['new', 'changed', 'unchanged', 'missing', 'problem']).optional() },
    }),
    answer: { status: 200, body: pageSchema(IMPORT_ROW) },
    async handle({ site, tenant, params, query }) {
      const after = readCursor(query, z.int().min(-100_000_000).max(100_000_000)) ?? undefined
      const page = { verdict: query.verdict, after, limit: query.limit + 1 }
      const found = await viewRows(site.desk, tenant, params.id, page)
      return answerPage(`/imports/${params.id}/rows`, query, found, ({ row }) => row)
    },
  }),
  route({
    ...{ method: 'patch', path: '/imports/{id}/rows/{row}', ...write },
    summary: 'Correct a row, leave it out, or add one; the import is planned again',
    params: ROW_ID,
    body: z.strictObject({
      values: z.partialRecord(FIELD, z.string().max(2000)).optional().describe('Texts as in a cell'),
      skip: z.boolean().optional(),
    }),
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, params, body, actor }) {
      const editor = { tenant, importId: params.id, actor }
      await editRows(site.desk, editor, new Map([[params.row, body]]))
      return answerImport(site, tenant, params.id, 202)
    },
  }),
  route({
    ...{ method: 'post', path: '/imports/{id}/repairs', ...write },
    summary: 'The same repair for all rows with the same problem',
    params: BY_ID,
    body: z.strictObject({ field: FIELD, code: z.string().max(60), value: z.string().max(2000).optional() }),
    answer: { status: 202, body: z.strictObject({ rows: z.int() }) },
    async handle({ site, tenant, params, body, actor }) {
      return { status: 202, body: { rows: await repairRows(site.desk, { tenant, importId: params.id, actor }, body) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/imports/{id}/apply', ...write, summary: 'Let it be applied, in the background' },
    params: BY_ID,
    body: z.strictObject({
      only_valid: z.boolean().default(false).describe('Leave rows with problems out; without this there must be none'),
      revision: z.int().optional().describe('The plan that was looked at'),
    }),
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, params, body: { only_valid: onlyValid, revision }, actor }) {
      await approveImport(site.desk, tenant, params.id, { actor, onlyValid, revision })
      return answerImport(site, tenant, params.id, 202)
    },
  }),
  route({
    ...{ method: 'post', path: '/imports/{id}/undo', ...write },
    summary: 'Let it be taken back, in the background; who was edited since is kept and listed',
    params: BY_ID,
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, params, actor }) {
      await requestUndo(site.desk, tenant, params.id, actor)
      return answerImport(site, tenant, params.id, 202)
    },
  }),
]

async function answerImport({ desk }: ApiSite, tenant: Tenant, id: number, status: number) {
  return { status, body: showImport(await viewImport(desk, tenant, id)) }
}

function toSource({ rows, text = '' }: z.output<typeof BY_JSON>): Source {
  return rows ? { kind: 'rows', rows } : { kind: 'text', text }
}
