import { type RequestHandler, Router } from 'express'
import { can } from '../../access/can.ts'
import type { AddressOf } from '../client-address.ts'
import type { Metrics } from '../metrics.ts'
import { admitCallers, callerOf } from './callers.ts'
import { answerFailure, nameRequest } from './failures.ts'
import { Refusal } from './refusal.ts'
import type { ApiSite } from './route.ts'

const LIMITS = { perMinute: 120, strangersPerMinute: 60 }

/** `/metrics` for who shows a token of the whole installation with the scope `metrics:read`: figures name no tenant. */
export function createMetricsRouter(site: ApiSite, metrics: Metrics, addressOf: AddressOf): Router {
  const at = Router({ caseSensitive: true, strict: true })
  at.use(nameRequest, ...admitCallers(site, LIMITS, addressOf), admitScrapers)
  at.get('/', async (_request, response) => {
    response.set({ 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' })
    response.end(await metrics.write())
  })
  at.use(answerFailure(site))
  const root = Router({ caseSensitive: true })
  root.use('/metrics', at)
  return root
}

const admitScrapers: RequestHandler = (_request, response, next) => {
  const { token } = callerOf(response)
  if (!can({ tenantId: token.tenant?.id ?? null, scopes: token.scopes }, 'metrics:read', null))
    throw new Refusal(403, 'scope-missing', 'It takes a token of the installation with the scope metrics:read.')
  next()
}
