import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type pg from 'pg'
import { escapeHtml, loadTemplate } from '../mail/template.ts'
import { pickLanguage } from '../mail/write-mail.ts'
import { Secret } from '../model/secret.ts'
import { acceptInvitation, isLongEnough, openInvitation } from '../people/accept-invitation.ts'
import type { AddressOf } from './client-address.ts'
import { INVITE_WORDS } from './invite-words.ts'
import { sendProblem } from './problem-document.ts'

export type InviteSite = {
  owner: pg.Pool
  app: pg.Pool
  addressOf: AddressOf
  /** Requests that one address may make in a quarter of an hour. */
  perQuarterHour?: number
}

const USUAL_LIMIT = 60
const QUARTER_HOUR_MS = 15 * 60_000
const MAX_FORM_BYTES = 4096

type InvitePath = { token: string }

/** `/invite/<token>`: who was invited by mail chooses a password, once. Every link that does not work gets one answer. */
export function createInviteRouter(site: InviteSite): Router {
  const render = loadTemplate('invite.eta', escapeHtml)
  const limit = rateLimit({
    ...{ windowMs: QUARTER_HOUR_MS, limit: site.perQuarterHour ?? USUAL_LIMIT, legacyHeaders: false },
    // The listener knows which proxies to believe; the library's own idea of the address is not asked.
    validate: { xForwardedForHeader: false, trustProxy: false },
    keyGenerator: (request) =>
      ipKeyGenerator(site.addressOf(request.socket.remoteAddress ?? '', request.get('X-Forwarded-For'))),
    handler: (_request, response) => sendProblem(response, 429),
  })

  function show(response: Response, tag: string | null, status: number, message: string | null, form: boolean): void {
    const language = pickLanguage(tag)
    response.status(status).type('html')
    response.send(render({ language, words: INVITE_WORDS[language], message, form }))
  }
  function refuse(request: Request<InvitePath>, response: Response): void {
    const tag = request.acceptsLanguages(Object.keys(INVITE_WORDS)) || null
    show(response, tag, 404, INVITE_WORDS[pickLanguage(tag)].gone, false)
  }
  const ask: RequestHandler<InvitePath> = async (request, response) => {
    const invitation = await openInvitation(site.owner, request.params.token)
    if (!invitation) refuse(request, response)
    else show(response, invitation.language, 200, null, true)
  }
  const accept: RequestHandler<InvitePath> = async (request, response) => {
    const invitation = await openInvitation(site.owner, request.params.token)
    if (!invitation) {
      refuse(request, response)
      return
    }
    const { language } = invitation
    const words = INVITE_WORDS[pickLanguage(language)]
    const { password, repeat } = (request.body ?? {}) as Record<string, unknown>
    const chosen = typeof password === 'string' ? new Secret(password) : null
    if (!chosen || !isLongEnough(chosen)) show(response, language, 422, words.short, true)
    else if (repeat !== password) show(response, language, 422, words.differ, true)
    else if (await acceptInvitation(site.app, invitation, chosen)) show(response, language, 200, words.done, false)
    else refuse(request, response)
  }

  const router = Router()
  router
    .route('/invite/:token')
    .all(limit, (_request, response, next) => {
      response.set('Cache-Control', 'no-store')
      next()
    })
    .get(ask)
    .post(express.urlencoded({ extended: false, limit: MAX_FORM_BYTES }), accept)
  return router
}
