import { z } from 'zod'
import { viewRepairs } from '../../../people/stored-imports/view-repairs.ts'
import { BY_ID } from '../fields.ts'
import { FIELD } from '../import-schemas.ts'
import { route } from '../route.ts'

const REPAIR = z
  .strictObject({
    ...{ field: FIELD, code: z.string() },
    rows: z.array(z.int()).describe('All that have it'),
    count: z.int().describe('In how many of them the cell that would cure it is known'),
    example: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
  })
  .meta({ id: 'Repair' })

/** Doing one of them is `POST` to the same address, with its field and code. */
export const importRepairRoutes = [
  route({
    ...{ method: 'get', path: '/imports/{id}/repairs', scope: 'people:read', reach: 'tenant', tag: 'imports' },
    summary: 'Problems by cause, with what would cure all rows of each; those with the most repairs first',
    params: BY_ID,
    answer: { status: 200, body: z.strictObject({ items: z.array(REPAIR) }) },
    async handle({ site, tenant, params }) {
      return { status: 200, body: { items: await viewRepairs(site.desk, tenant, params.id) } }
    },
  }),
]
