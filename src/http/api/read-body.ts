import express, { type Request, type RequestHandler } from 'express'
import type { Route } from './route.ts'
import { Refusal } from './refusal.ts'

/** A person with every field filled to its limit stays far below. */
const JSON_LIMIT_BYTES = 1024 * 1024

/** Refuses a body that the route does not take before it is read, then reads it into `request.body` as bytes. */
export function takeBody(route: Route): RequestHandler[] {
  const read = express.raw({ type: () => true, limit: route.file?.limitBytes ?? JSON_LIMIT_BYTES })
  return [
    (request, _response, next) => {
      refuseType(route, request)
      next()
    },
    route.body || route.file ? read : (_request, _response, next) => next(),
  ]
}

/** The JSON of a body that is not a file. @throws Refusal `body-malformed`, `body-missing` */
export function parseJson(bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Refusal(400, 'body-missing', 'This request needs a body of type application/json.')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'body-malformed', 'The body is not JSON in UTF-8.')
  }
}

export function isFile(route: Route, request: Request): boolean {
  return route.file?.types.includes(typeOf(request)) ?? false
}

function refuseType(route: Route, request: Request): void {
  const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers
  if (!hasBody) return
  const types = [...(route.body ? ['application/json'] : []), ...(route.file?.types ?? [])]
  if (types.length === 0) throw new Refusal(400, 'body-unexpected', 'This request takes no body.')
  if (types.includes(typeOf(request))) return
  throw new Refusal(415, 'media-type', `The body must be of type ${types.join(' or ')}.`, {
    headers: { Accept: types.join(', ') },
  })
}

function typeOf(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}
