import { explainFailure } from '../db/explain-failure.ts'
import { AppError } from '../model/app-error.ts'
import type { Output } from './output.ts'

/** Reports a failure once, without a value that could be a secret. What is not an AppError is a bug, with its stack. */
export function reportFailure(error: unknown, output: Output): void {
  const failure = explainFailure(error)
  const known = failure instanceof AppError
  const message = known ? failure.message : ((failure as Error).stack ?? String(failure))
  if (output.json) output.result({ error: { code: known ? failure.code : 'bug', message } }, '')
  else output.progress(known ? `offhook: ${message}` : `offhook: this is a bug\n${message}`)
}
