import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { matchesTag } from '../etag.ts'
import { admitTo, type Caller, callerOf } from './callers.ts'
import { checkShape, refuseUnsafeText } from './check-shape.ts'
import { doOnce, type WrittenAnswer } from './idempotency.ts'
import { isFile, parseJson, readUpload } from './read-body.ts'
import { holdToMatch, readTag, refuseOutdated } from './precondition.ts'
import { Refusal } from './refusal.ts'
import type { Answer, ApiSite, Ask, Reach, Route } from './route.ts'

type AnyAsk = Ask<unknown, unknown, unknown, Reach>

const NOTHING = z.strictObject({})

/** Finds out whether this caller may take the route; the body is read only after that. */
export function admitToRoute(route: Route, site: ApiSite): RequestHandler {
  return async (request, response, next) => {
    const caller = callerOf(response)
    caller.tenant = await admitTo(site, route, request, caller)
    next()
  }
}

/** Checks a request that is allowed, does what it asks for, and answers. */
export function perform(route: Route, site: ApiSite, options: { checkAnswers: boolean }): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(response)
    const ask = readAsk(route, site, request, caller)
    let live: Answer | undefined
    const once = route.answer.type === undefined && !route.upload ? doOnce : doAnyway
    const written = await once(site, caller, request, async () => {
      const current = await readTag(route, ask)
      if (request.method === 'GET' && current && matchesTag(request.get('If-None-Match'), current))
        return { status: 304, headers: { ETag: current }, text: '' }
      refuseOutdated(request, current)
      live = await route.handle(holdToMatch(route, request, ask))
      if (options.checkAnswers) checkAnswer(route, live)
      return write(live, request.method === 'GET' && current ? { ETag: current } : {})
    })
    response.status(written.status).set(written.headers)
    if (live?.stream) await live.stream(response).catch((error: unknown) => breakOff(response, error, site))
    else if (live?.bytes !== undefined) response.end(live.bytes)
    else sendText(response, written)
  }
}

function readAsk(route: Route, site: ApiSite, request: Request, caller: Caller): AnyAsk {
  const parameters = {
    status: 400,
    code: 'query-invalid',
    detail: 'A parameter is not as it should be.',
    prefix: '?',
  } as const
  const upload = route.upload ? readUpload(request) : null
  refuseUnsafeText(request.query, '?')
  const query = checkShape(route.query ?? NOTHING, request.query, parameters)
  const params = route.params?.safeParse(request.params)
  if (params && !params.success) throw new Refusal(404, 'not-found', 'There is nothing at this address.')
  const base = {
    site,
    actor: caller.actor,
    tenant: caller.tenant,
    params: params?.data,
    query,
    file: null,
    upload,
  }
  if (upload) return { ...base, body: undefined }
  if (isFile(route, request)) return { ...base, body: undefined, file: toBytes(request.body) }
  if (!route.body && !route.file) return { ...base, body: undefined }
  const json = parseJson(request.body)
  refuseUnsafeText(json, '')
  const members = { status: 422, code: 'body-invalid', detail: 'The body is not as it should be.', prefix: '' } as const
  return { ...base, body: checkShape(route.body ?? NOTHING, json, members) }
}

/** Files are not kept to be sent again. */
const doAnyway: typeof doOnce = (_site, _caller, _request, work) => work()

function toBytes(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

function write({ status, body, headers }: Answer, extra: Record<string, string>): WrittenAnswer {
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
  return {
    ...{ status, text: body === undefined ? '' : JSON.stringify(body) },
    headers: { ...type, 'Cache-Control': 'no-store', ...extra, ...headers },
  }
}

/** What has begun can only break off, so that nobody takes a part for the whole. */
function breakOff(response: Response, error: unknown, { log }: ApiSite): void {
  // A caller who has enough and hangs up is no failure.
  if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE')
    log.warn({ err: error, request_id: String(response.getHeader('X-Request-Id')) }, 'an answer broke off')
  response.destroy()
}

function sendText(response: Response, { text }: WrittenAnswer): void {
  if (text === '') response.end()
  else response.end(text)
}

/** What the document promises is held in tests. */
function checkAnswer({ answer }: Route, { status, body }: Answer): void {
  if (status !== answer.status) throw new Error(`the answer has status ${status}, the document says ${answer.status}`)
  if (answer.body) answer.body.parse(JSON.parse(JSON.stringify(body)))
}
