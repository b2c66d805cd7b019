import type { Response } from 'express'
import { STATUS_CODES } from 'node:http'

/** Answers with a problem document (RFC 9457) that says no more than its status, unless extended. */
export function sendProblem(response: Response, status: number, extension: Record<string, unknown> = {}): void {
  const title = STATUS_CODES[status] ?? 'Error'
  response.status(status).type('application/problem+json')
  response.send(JSON.stringify({ type: 'about:blank', title, status, ...extension }))
}
