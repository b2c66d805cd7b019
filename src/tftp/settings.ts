import type { Logger } from 'pino'
import type { AnswerPhone } from '../model/phone-request.ts'
import type { AllowList } from './allow-list.ts'
import type { TftpLimits } from './limits.ts'

/** What stays the same while a server runs. */
export type TftpSettings = {
  address: string
  allowed: AllowList
  answer: AnswerPhone
  log: Pick<Logger, 'info' | 'warn'>
  limits: TftpLimits
}
