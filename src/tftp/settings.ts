import type { Log } from '../model/log.ts'
import type { AnswerPhone } from '../model/phone-request.ts'
import type { AllowList } from './allow-list.ts'
import type { TftpLimits } from './limits.ts'

/** What stays the same while a server runs. */
export type TftpSettings = {
  address: string
  allowed: AllowList
  answer: AnswerPhone
  log: Pick<Log, 'info' | 'warn'>
  limits: TftpLimits
}
