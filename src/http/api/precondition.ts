import { hash } from 'node:crypto'
import type { Request } from 'express'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import { Refusal } from './refusal.ts'
import type { Ask, Reach, Route } from './route.ts'

type AnyAsk = Ask<unknown, unknown, unknown, Reach>

/** The entity tag of what a request is about; undefined where its route names nothing. */
export async function readTag(route: Route, ask: AnyAsk): Promise<string | undefined> {
  const { current } = route
  if (!current) return undefined
  return inTransaction(ask.site.desk.pool, ask.tenant?.id ?? null, (client) => makeTag(current, ask, client))
}

/**
 * RFC 9110 §13.1.1: a change of what has changed since the caller looked is not done.
 * @throws Refusal 412
 */
export function refuseOutdated(request: Request, current: string | undefined): void {
  const expected = request.get('If-Match')
  if (expected === undefined || current === undefined) return
  const tags = expected.split(',').map((tag) => tag.trim())
  if (expected.trim() === '*' || tags.includes(current)) return
  throw new Refusal(412, 'precondition-failed', 'It has changed since If-Match was taken. Look again.', {
    headers: { ETag: current },
  })
}

/** The request, looked at once more when nobody else can change anything any more: two may have looked at the same time. */
export function holdToMatch(route: Route, request: Request, ask: AnyAsk): AnyAsk {
  const { current } = route
  if (!current || request.get('If-Match') === undefined) return ask
  const onceAlone = async (client: Queryable) => refuseOutdated(request, await makeTag(current, ask, client))
  return { ...ask, site: { ...ask.site, desk: { ...ask.site.desk, onceAlone } } }
}

async function makeTag(current: NonNullable<Route['current']>, ask: AnyAsk, client: Queryable): Promise<string> {
  const representation = await current(ask, client)
  return `"${hash('sha256', JSON.stringify(representation), 'base64url').slice(0, 22)}"`
}
