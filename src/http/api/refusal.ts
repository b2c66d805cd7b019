import { explainFailure } from '../../db/explain-failure.ts'
import { AppError, type AppErrorCode } from '../../model/app-error.ts'

/** One thing that is wrong with a request. `row`, `field`, `repair` as in a Problem, where it is about a person. */
export type RefusalError = {
  /** JSON pointer (RFC 6901) into the body, or the name of a parameter after `?`. */
  pointer: string
  detail: string
  code: string
  row?: number
  field?: string
  suggestion?: string
  repair?: string
}

/** Why a request gets no result, as its problem document will say it. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly RefusalError[]
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    detail: string,
    extra: { errors?: readonly RefusalError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: extra.cause })
    this.status = status
    this.code = code
    this.errors = extra.errors ?? []
    this.headers = extra.headers ?? {}
  }
}

/** The one place where a code becomes a status. What is not listed is the server's own trouble: 500. */
const STATUS: Partial<Record<AppErrorCode, number>> = {
  'input-invalid': 422,
  'value-unsafe': 422,
  'setting-unsupported': 422,
  'setting-missing': 422,
  'plan-stale': 409,
  'import-state': 409,
  'already-there': 409,
  'in-use': 409,
  'import-problems': 409,
  'credentials-gone': 410,
  'file-too-large': 413,
  'upload-incomplete': 400,
  'store-full': 507,
  'firmware-unknown': 404,
  'rollout-unknown': 404,
  'asset-unknown': 404,
  'import-unknown': 404,
  'tenant-unknown': 404,
  'device-unknown': 404,
  'user-unknown': 404,
  'group-unknown': 404,
  'mailbox-unknown': 404,
  'contact-unknown': 404,
  'did-unknown': 404,
  'trunk-unknown': 404,
  'location-unknown': 404,
  'profile-unknown': 404,
  'role-unknown': 404,
  'extension-unknown': 404,
  'token-unknown': 404,
  'claim-code-unknown': 404,
  'webhook-unknown': 404,
  'delivery-unknown': 404,
  'redirect-unknown': 404,
  'redirect-failed': 502,
  'database-unreachable': 503,
  'ami-unreachable': 503,
  'ami-refused': 502,
  'ami-action-failed': 502,
}

/** Another writer was first; PostgreSQL, appendix A: integrity violations, serialisation failure, deadlock. */
const CONFLICT = /^(23|40)/

/** What of a failure the caller may know; null: nothing, it is a bug. */
export function explainToCaller(thrown: unknown): Refusal | null {
  if (thrown instanceof Refusal) return thrown
  const error = explainFailure(thrown)
  if (error instanceof AppError) {
    const status = STATUS[error.code] ?? 500
    const detail = status === 500 ? 'The server could not do it; its log says why.' : error.message
    return new Refusal(status, error.code, detail, { cause: error })
  }
  const { code, status } = error as { code?: unknown; status?: unknown }
  if (typeof code === 'string' && CONFLICT.test(code) && code.length === 5)
    return new Refusal(409, 'conflict', 'Somebody else changed this at the same moment. Look again and retry.', {
      cause: error,
    })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal(status, 'request-malformed', 'The request cannot be read.', { cause: error })
  return null
}
