import { randomUUID } from 'node:crypto'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Log } from '../../model/log.ts'
import { sendProblem } from '../problem-document.ts'
import { explainToCaller } from './refusal.ts'

const REQUEST_ID = /^[\w.-]{1,64}$/

/** The caller's name for the request, or one of ours: it stands in the answer and in the log. */
export const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id')
  response.set('X-Request-Id', given !== undefined && REQUEST_ID.test(given) ? given : randomUUID())
  next()
}

/** Answers with a problem document why there is no other answer; after {@link nameRequest}. */
export function answerFailure({ log }: { log: Pick<Log, 'warn'> }): ErrorRequestHandler {
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
