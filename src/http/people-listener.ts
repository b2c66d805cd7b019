import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express'
import { createServer } from 'node:http'
import type { Log } from '../model/log.ts'
import { listenOn, prepareClose, type RunningListener } from './listening.ts'
import { sendProblem } from './problem-document.ts'

/** What must work for people to be served, by name. A check rejects when it does not. */
export type ReadyChecks = Readonly<Record<string, () => Promise<unknown>>>

const CHECK_WITHIN_MS = 2_000
/** Half a gigabyte of firmware over a slow line; the head of a request has Node's minute. */
const REQUEST_WITHIN_MS = 3_600_000

/** No page of ours loads anything from elsewhere or is shown inside another's. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

type PeopleOptions = {
  address: string
  port: number
  ready: ReadyChecks
  /** What `/readyz` tells besides: something that works and should be known. Read for every answer. */
  notes?: () => Readonly<Record<string, string>>
  /** Hears of what failed on our side. */
  log?: Pick<Log, 'warn'>
  /** All that is served beyond the checks, in this order. */
  routers?: readonly Router[]
}

/**
 * Serves people: `/livez` says that the process runs, `/readyz` names what does not work.
 * @throws AppError `listen-failed`
 */
export async function startPeopleListener(options: PeopleOptions): Promise<RunningListener> {
  const server = createServer({ requestTimeout: REQUEST_WITHIN_MS }, createPeopleApp(options))
  const close = prepareClose(server)
  return { port: await listenOn(server, options.address, options.port), close }
}

function createPeopleApp({ ready, notes = () => ({}), routers = [], log }: PeopleOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use((_request, response, next) => {
    response.set(HEADERS)
    next()
  })
  app.get('/livez', (_request, response) => void response.type('text/plain').send('ok\n'))
  app.get('/readyz', answerReadiness(ready, notes))
  for (const router of routers) app.use(router)
  app.use((_request, response) => {
    sendProblem(response, 404)
  })
  const onError: ErrorRequestHandler = (error: { status?: unknown }, { method }, response, next) => {
    const status = typeof error.status === 'number' ? error.status : 500
    // Not the address: that of an invitation is a secret.
    if (status >= 500) log?.warn({ err: error, method }, 'a request of a person failed')
    if (response.headersSent) next(error)
    else sendProblem(response, status)
  }
  app.use(onError)
  return app
}

function answerReadiness(ready: ReadyChecks, notes: () => Readonly<Record<string, string>>): RequestHandler {
  return async (_request, response) => {
    const results = await Promise.all(
      Object.entries(ready).map(async ([name, check]) => [name, await passes(check)] as const),
    )
    const checks = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failed']))
    response.set('Cache-Control', 'no-store')
    if (results.every(([, ok]) => ok)) response.json({ status: 'ok', checks, ...notes() })
    else sendProblem(response, 503, { checks })
  }
}

/** A check that does not answer has failed. Why is the log's business, not a stranger's. */
async function passes(check: () => Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), CHECK_WITHIN_MS)
  try {
    return await Promise.race([
      check().then(
        () => true,
        () => false,
      ),
      late.promise,
    ])
  } finally {
    clearTimeout(timer)
  }
}
