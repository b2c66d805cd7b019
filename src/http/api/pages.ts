import { z } from 'zod'
import { Refusal } from './refusal.ts'
import type { Answer } from './route.ts'

/** Members of the query of every list. */
export const PAGE = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('next_cursor of the page before'),
}

export type PageQuery = { limit: number; cursor?: string | undefined }

export function pageSchema(item: z.ZodType) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() })
}

/** Where a page begins: after this key, or with null at the start. @throws Refusal `query-invalid` */
export function readCursor<T extends z.ZodType>({ cursor }: PageQuery, key: T): z.output<T> | null {
  if (cursor === undefined) return null
  const result = key.safeParse(parse(cursor))
  if (result.success) return result.data
  throw new Refusal(400, 'query-invalid', 'A parameter is not as it should be.', {
    errors: [{ pointer: '?cursor', detail: 'Not a cursor of this list.', code: 'cursor-invalid' }],
  })
}

/** An id as a cursor's key. */
export const ID_KEY = z.int().min(0)

/**
 * One page as an answer.
 * @param found what there is from the cursor on, one more than the page shows if there is more
 */
export function answerPage<T>(
  path: string,
  query: PageQuery & Readonly<Record<string, unknown>>,
  found: readonly T[],
  keyOf: (item: T) => unknown,
): Answer {
  const items = found.slice(0, query.limit)
  const last = found.length > query.limit ? items.at(-1) : undefined
  const next = last === undefined ? null : Buffer.from(JSON.stringify(keyOf(last))).toString('base64url')
  const answer: Answer = { status: 200, body: { items, next_cursor: next } }
  if (next !== null) {
    const members = Object.entries<unknown>({ ...query, cursor: next }).filter(([, value]) => value !== undefined)
    const parameters = new URLSearchParams(members.map(([name, value]): [string, string] => [name, String(value)]))
    answer.headers = { Link: `</api/v1${path}?${parameters.toString()}>; rel="next"` }
  }
  return answer
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
