import { AppError } from '../model/app-error.ts'
import type { Output } from './output.ts'

/** Reports a failure once, without a value that could be a secret. What is not an AppError is a bug, with its stack. */
export function reportFailure(error: unknown, output: Output): void {
  const known = error instanceof AppError
  const message = known ? error.message : ((error as Error).stack ?? String(error))
  if (output.json) output.result({ error: { code: known ? error.code : 'bug', message } }, '')
  else output.progress(known ? `offhook: ${message}` : `offhook: this is a bug\n${message}`)
}
