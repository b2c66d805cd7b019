import { timingSafeEqual } from 'node:crypto'
import express, { type RequestHandler, Router } from 'express'
import type pg from 'pg'
import { readVoicemailToken } from '../db/voicemail-token.ts'
import { AppError } from '../model/app-error.ts'
import type { Log } from '../model/log.ts'
import type { Secret } from '../model/secret.ts'
import { takeVoicemail } from '../people/take-voicemail.ts'
import type { Vault } from '../secrets/vault.ts'
import { sendProblem } from './problem-document.ts'

/** Five minutes of 16-bit audio in base64 are 7 MB; asterisk/voicemail.conf allows no more. */
const MAX_BYTES = 20 * 1024 * 1024

/**
 * `POST /voicemail-mails`: takes a mail from asterisk/offhook-mail. 204 once it is stored for good, also when it was there
 * already; 401 for a wrong token; 413 and 422 for what will never be taken; anything else may be tried again.
 */
export function createVoicemailRouter(site: {
  owner: pg.Pool
  app: pg.Pool
  vault: Vault
  log: Pick<Log, 'warn'>
}): Router {
  const admit: RequestHandler = async (request, response, next) => {
    const token = await readVoicemailToken(site.owner, site.vault)
    if (token !== null && carries(request.get('Authorization'), token)) next()
    else sendProblem(response, 401)
  }
  const take: RequestHandler = async (request, response) => {
    try {
      if (!Buffer.isBuffer(request.body)) throw new AppError('input-invalid', 'The mail must come as message/rfc822')
      await takeVoicemail(site, request.body)
      response.status(204).end()
    } catch (error) {
      if (!(error instanceof AppError) || !['input-invalid', 'tenant-unknown'].includes(error.code)) throw error
      site.log.warn({ reason: error.message }, 'a voicemail was refused')
      sendProblem(response, 422, { detail: error.message })
    }
  }
  const router = Router()
  router.post('/voicemail-mails', admit, express.raw({ type: 'message/rfc822', limit: MAX_BYTES }), take)
  return router
}

function carries(authorization: string | undefined, token: Secret): boolean {
  const given = Buffer.from(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(token.reveal())
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
