import { type RequestHandler, Router } from 'express'
import type { AddressOf } from '../client-address.ts'
import { admitCallers, type Limits } from './callers.ts'
import { addDocs } from './docs.ts'
import { answerFailure, nameRequest } from './failures.ts'
import { describeApi } from './open-api.ts'
import { admitToRoute, perform } from './perform.ts'
import { takeBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import type { ApiSite, Route } from './route.ts'

export type ApiOptions = {
  addressOf: AddressOf
  limits?: Partial<Limits>
  /** Holds every answer to its schema, and fails with what differs. For tests. */
  checkAnswers?: boolean
  /** Hears of every answer. */
  observe?: (answered: Answered) => void
}

/** `route` as the document writes it, `none` where the request came to none. */
export type Answered = { route: string; method: string; status: number; seconds: number }

const LIMITS: Limits = { perMinute: 1200, strangersPerMinute: 60 }

/** What answers below `/api`: the document, its page, and the routes behind a bearer token. */
export function createApi(site: ApiSite, routes: readonly Route[], options: ApiOptions): Router {
  const api = Router({ caseSensitive: true, strict: true })
  api.use(nameRequest)
  if (options.observe) api.use(timeAnswers(options.observe))
  addDocs(api, describeApi(routes))
  const guarded = Router({ caseSensitive: true, strict: true })
  guarded.use(...admitCallers(site, { ...LIMITS, ...options.limits }, options.addressOf))
  // A fixed word goes before a parameter in its place.
  const paths = [...Map.groupBy(routes, (route) => route.path)].toSorted(([a], [b]) => countOf(a) - countOf(b))
  for (const [path, those] of paths) {
    const at = guarded.route(path.replaceAll(/\{(\w+)\}/g, ':$1'))
    at.all((_request, response, next) => {
      response.locals['route'] = path
      next()
    })
    for (const route of those)
      at[route.method](
        admitToRoute(route, site),
        takeBody(route),
        perform(route, site, { checkAnswers: options.checkAnswers ?? false }),
      )
    at.all(refuseMethod(those))
  }
  api.use('/v1', guarded)
  api.use(() => {
    throw new Refusal(404, 'not-found', 'There is nothing at this address.')
  })
  api.use(answerFailure(site))
  const root = Router()
  root.use('/api', api)
  return root
}

function timeAnswers(observe: (answered: Answered) => void): RequestHandler {
  return ({ method }, response, next) => {
    const beganAtMs = performance.now()
    response.once('finish', () => {
      const route = (response.locals as { route?: string }).route ?? 'none'
      observe({ route, method, status: response.statusCode, seconds: (performance.now() - beganAtMs) / 1000 })
    })
    next()
  }
}

function countOf(path: string): number {
  return path.split('{').length
}

function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase())
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
  return (request) => {
    throw new Refusal(405, 'method-not-allowed', `${request.method} is not possible here; ${allow} is.`, {
      headers: { Allow: allow },
    })
  }
}
