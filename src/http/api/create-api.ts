import { randomUUID } from 'node:crypto'
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import type { AddressOf } from '../client-address.ts'
import { sendProblem } from '../problem-document.ts'
import { admitCallers, type Limits } from './callers.ts'
import { addDocs } from './docs.ts'
import { describeApi } from './open-api.ts'
import { admitToRoute, perform } from './perform.ts'
import { takeBody } from './read-body.ts'
import { explainToCaller, Refusal } from './refusal.ts'
import type { ApiSite, Route } from './route.ts'

export type ApiOptions = {
  addressOf: AddressOf
  limits?: Partial<Limits>
  /** Holds every answer to its schema, and fails with what differs. For tests. */
  checkAnswers?: boolean
}

const LIMITS: Limits = { perMinute: 1200, strangersPerMinute: 60 }
const REQUEST_ID = /^[\w.-]{1,64}$/

/** What answers below `/api`: the document, its page, and the routes behind a bearer token. */
export function createApi(site: ApiSite, routes: readonly Route[], options: ApiOptions): Router {
  const api = Router({ caseSensitive: true, strict: true })
  api.use(nameRequest)
  addDocs(api, describeApi(routes))
  const guarded = Router({ caseSensitive: true, strict: true })
  guarded.use(...admitCallers(site, { ...LIMITS, ...options.limits }, options.addressOf))
  // A fixed word goes before a parameter in its place.
  const paths = [...Map.groupBy(routes, (route) => route.path)].toSorted(([a], [b]) => countOf(a) - countOf(b))
  for (const [path, those] of paths) {
    const at = guarded.route(path.replaceAll(/\{(\w+)\}/g, ':$1'))
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

function countOf(path: string): number {
  return path.split('{').length
}

/** The caller's name for the request, or one of ours: it stands in the answer and in the log. */
const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id')
  response.set('X-Request-Id', given !== undefined && REQUEST_ID.test(given) ? given : randomUUID())
  next()
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

function answerFailure({ log }: ApiSite): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const refusal = explainToCaller(error)
    const request_id = String(response.getHeader('X-Request-Id'))
    if (!refusal || refusal.status >= 500)
      log.warn({ err: error, request_id, method: request.method, path: request.path }, 'an API request failed')
    if (!refusal) {
      sendProblem(response, 500, { code: 'bug', request_id })
      return
    }
    const { status, code, message: detail, errors, headers } = refusal
    response.set(headers)
    sendProblem(response, status, { code, detail, request_id, ...(errors.length > 0 && { errors }) })
  }
}
