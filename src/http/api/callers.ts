import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { can, reaches } from '../../access/can.ts'
import { findTenant, type Tenant } from '../../db/tenants.ts'
import { type FoundToken, useToken } from '../../db/tokens.ts'
import { AppError } from '../../model/app-error.ts'
import { hashAccessToken } from '../../secrets/access-token.ts'
import type { AddressOf } from '../client-address.ts'
import { Refusal } from './refusal.ts'
import type { ApiSite, Route } from './route.ts'

export type Caller = { token: FoundToken; tenant: Tenant | null; actor: string }

export type Limits = {
  /** Requests of one token. */
  perMinute: number
  /** Requests without a valid token from one address. */
  strangersPerMinute: number
}

/** Installation tokens name the tenant in it. */
export const TENANT_HEADER = 'X-Offhook-Tenant'

/** Who is behind a request that {@link admitCallers} let through. */
export function callerOf(response: Response): Caller {
  return (response.locals as { caller: Caller }).caller
}

/**
 * Lets requests with a valid token through, as often as the limits allow, to the tenant that it is good for. Before the
 * route is looked at, so that nobody learns from the outside which ones there are.
 */
export function admitCallers(site: ApiSite, limits: Limits, addressOf: AddressOf): RequestHandler[] {
  const shared = { windowMs: 60_000, validate: false, legacyHeaders: false } as const
  const refuse = () => {
    throw new Refusal(429, 'rate-limited', 'Too many requests. Retry-After says when to come back.')
  }
  const keyOf = (request: Request) =>
    ipKeyGenerator(addressOf(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for'] as string))
  const refuseStranger = (_request: Request, response: Response) => {
    response.set('Retry-After', '60')
    refuse()
  }
  // Counts after the look-up: an answer that is under way, a stream of events say, must not count as a stranger's.
  const strangers = rateLimit({
    ...{ ...shared, limit: limits.strangersPerMinute, standardHeaders: false },
    ...{ keyGenerator: keyOf, handler: refuseStranger, skip: (_request, response) => 'caller' in response.locals },
  })
  const tokens = rateLimit({
    ...shared,
    limit: limits.perMinute,
    standardHeaders: 'draft-8',
    identifier: 'token',
    keyGenerator: (_request, response) => String(callerOf(response).token.id),
    handler: refuse,
  })
  const authenticate: RequestHandler = async (request, response, next) => {
    const known = await strangers.getKey(keyOf(request))
    if (known && known.totalHits >= limits.strangersPerMinute) refuseStranger(request, response)
    const token = await findToken(site, request)
    if (token instanceof Refusal) response.locals['refusal'] = token
    else response.locals['caller'] = { token, tenant: null, actor: `token:${token.name}` } satisfies Caller
    next()
  }
  const turnAway: RequestHandler = (_request, response, next) => {
    const { refusal } = response.locals as { refusal?: Refusal }
    if (refusal) throw refusal
    next()
  }
  return [authenticate, strangers, turnAway, tokens]
}

async function findToken(site: ApiSite, request: Request): Promise<FoundToken | Refusal> {
  const [, text] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (text === undefined)
    return new Refusal(401, 'token-missing', 'Send a token: Authorization: Bearer offhook_…', {
      headers: { 'WWW-Authenticate': 'Bearer realm="offhook"' },
    })
  const sha256 = hashAccessToken(text)
  const token = sha256 && (await useToken(site.owner, sha256))
  if (token) return token
  return new Refusal(401, 'token-invalid', 'The token is unknown, expired or revoked.', {
    headers: { 'WWW-Authenticate': 'Bearer realm="offhook", error="invalid_token"' },
  })
}

/** @throws Refusal when this caller may not take that route for the tenant that the request names */
export async function admitTo(site: ApiSite, route: Route, request: Request, caller: Caller): Promise<Tenant | null> {
  const named = request.get(TENANT_HEADER)
  const tenant = await chooseTenant(site, named, caller.token)
  if (route.reach === 'tenant' && !tenant)
    throw new Refusal(400, 'tenant-missing', `This token is good for every tenant: name one in ${TENANT_HEADER}.`)
  const about = route.reach === 'installation' ? null : (tenant?.id ?? null)
  const actor = { tenantId: caller.token.tenant?.id ?? null, scopes: caller.token.scopes }
  if (!reaches(actor, about)) throw new Refusal(403, 'tenant-forbidden', 'The token is good for one tenant only.')
  if (!can(actor, route.scope, about))
    throw new Refusal(403, 'scope-missing', `The token lacks the scope ${route.scope}.`, {
      headers: { 'WWW-Authenticate': `Bearer realm="offhook", error="insufficient_scope", scope="${route.scope}"` },
    })
  return route.reach === 'installation' ? null : tenant
}

/** A token of one tenant is told the same about every other, whether it exists or not. */
async function chooseTenant(site: ApiSite, named: string | undefined, { tenant }: FoundToken): Promise<Tenant | null> {
  if (tenant && named !== undefined && named !== tenant.slug)
    throw new Refusal(403, 'tenant-forbidden', `The token is not good for the tenant that ${TENANT_HEADER} names.`)
  if (tenant || named === undefined) return tenant
  try {
    return await findTenant(site.owner, named)
  } catch (error) {
    if (error instanceof AppError && error.code === 'tenant-unknown')
      throw new Refusal(404, 'tenant-unknown', `There is no tenant of the name in ${TENANT_HEADER}.`)
    throw error
  }
}
