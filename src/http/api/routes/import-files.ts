import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { z } from 'zod'
import { exportPeople, type FileFormat, writeTenantTemplate } from '../../../people/export-people.ts'
import { readBrought } from '../../../people/stored-imports/read-brought.ts'
import { bringCorrections } from '../../../people/stored-imports/correct-import.ts'
import { takeCredentials } from '../../../people/stored-imports/take-credentials.ts'
import { viewImport } from '../../../people/stored-imports/view-import.ts'
import { readImportErrors } from '../../../people/stored-imports/read-import-errors.ts'
import { BY_ID } from '../fields.ts'
import { followImport } from '../follow-import.ts'
import { IMPORT, SHEET, showImport } from '../import-schemas.ts'
import { type Answer, route } from '../route.ts'

const tag = 'imports'
const write = { scope: 'people:write', reach: 'tenant', tag } as const
const FORMAT = z.enum(['csv', 'xlsx'])
const TYPES: Record<FileFormat, string> = { csv: 'text/csv; charset=utf-8', xlsx: SHEET.types[3] }
const read = { scope: 'people:read', reach: 'tenant', tag } as const

export const importFileRoutes = [
  route({
    ...{ method: 'get', path: '/imports/template', ...read },
    summary: "A file to fill in, with the tenant's own roles, locations and groups; csv or xlsx",
    query: z.strictObject({ format: FORMAT.default('xlsx'), language: z.string().max(35).optional() }),
    answer: { status: 200, type: 'application/octet-stream' },
    async handle({ site, tenant, query: { format, language } }) {
      return sendFile(`people.${format}`, await writeTenantTemplate(site.desk, tenant, format, language), format)
    },
  }),
  route({
    ...{ method: 'get', path: '/exports/users', ...read },
    summary: 'Everybody as a file in the shape of the template: imported again it changes nothing; csv or xlsx',
    query: z.strictObject({
      format: FORMAT.default('csv'),
      excel_safe: z.enum(['true', 'false']).default('false').describe('Write numbers so that Excel keeps them'),
    }),
    answer: { status: 200, type: 'application/octet-stream' },
    async handle({ site, tenant, query: { format, excel_safe } }) {
      const parts = exportPeople(site.desk, tenant, format, { excelSafe: excel_safe === 'true' })
      // What fails at once is answered as a failure; after that only the end of the connection can tell.
      const first = await parts.next()
      const stream = async (response: Response) => {
        response.write(first.value)
        await pipeline(parts, response)
      }
      return { status: 200, headers: nameFile(`users.${format}`, format), stream }
    },
  }),
  route({
    ...{ method: 'get', path: '/imports/{id}/errors.csv', ...write },
    summary: 'The rows with problems, to be corrected and given back; secrets in them as they were brought',
    params: BY_ID,
    answer: { status: 200, type: 'text/csv' },
    async handle({ site, tenant, params }) {
      return sendFile(`import-${params.id}-errors.csv`, await readImportErrors(site.desk, tenant, params.id))
    },
  }),
  route({
    ...{ method: 'get', path: '/imports/{id}/source', ...write },
    summary: 'What was brought, as it came, until it is erased; secrets in it as they were brought',
    params: BY_ID,
    answer: { status: 200, type: 'application/octet-stream' },
    async handle({ site, tenant, params }) {
      const { bytes, kind } = await readBrought(site.desk, tenant, params.id)
      const name = `import-${params.id}-source${{ file: '', text: '.txt', rows: '.json' }[kind]}`
      const headers = { 'Content-Type': SHEET.types[0], 'Content-Disposition': `attachment; filename="${name}"` }
      return { status: 200, bytes, headers }
    },
  }),
  route({
    ...{ method: 'post', path: '/imports/{id}/corrections', ...write },
    summary:
      'Bring the corrected file of problems; it is taken in and the import planned again, or says what is refused',
    params: BY_ID,
    file: SHEET,
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, params, file, actor }) {
      await bringCorrections(site.desk, { tenant, importId: params.id, actor }, file!)
      return { status: 202, body: showImport(await viewImport(site.desk, tenant, params.id)) }
    },
  }),
  route({
    ...{ method: 'post', path: '/imports/{id}/credentials.csv', ...write },
    summary: 'What new people need to log in and register, once',
    params: BY_ID,
    answer: { status: 200, type: 'text/csv' },
    async handle({ site, tenant, params, actor }) {
      const bytes = await takeCredentials(site.desk, tenant, params.id, { sipHost: site.sipHost, actor })
      return sendFile(`import-${params.id}-credentials.csv`, bytes)
    },
  }),
  route({
    ...{ method: 'get', path: '/imports/{id}/events', ...read },
    summary: 'Progress as server-sent events, until nothing is under way',
    params: BY_ID,
    query: z.strictObject({}),
    answer: { status: 200, type: 'text/event-stream' },
    async handle({ site, tenant, params }) {
      const look = () => viewImport(site.desk, tenant, params.id)
      await look()
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
        stream: (response) => followImport(response, look),
      }
    },
  }),
]

function sendFile(name: string, bytes: Buffer, format: FileFormat = 'csv'): Answer {
  return { status: 200, bytes, headers: nameFile(name, format) }
}

function nameFile(name: string, format: FileFormat) {
  return { 'Content-Type': TYPES[format], 'Content-Disposition': `attachment; filename="${name}"` }
}
