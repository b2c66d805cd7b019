import { AppError } from '../model/app-error.ts'

export type FaultCode =
  | 'mac-refused'
  | 'serial-missing'
  | 'serial-refused'
  | 'owned-elsewhere'
  | 'address-refused'
  | 'profile-unknown'
  | 'not-taken'
  | 'refused'

/** Why a service did not do what was asked for one phone; `message` and `cure` are sentences without secrets. */
export type RedirectFault = {
  code: FaultCode
  field: 'mac' | 'serial' | 'address' | 'profile' | 'account'
  message: string
  cure: string
}

/**
 * When it is worth another try without anybody doing something: `soon` for what may have been a hiccup, `daily` where
 * somebody else may give the phone up, `never` where only a person can help.
 */
export function retryOf({ code }: RedirectFault): 'soon' | 'daily' | 'never' {
  switch (code) {
    case 'not-taken':
    case 'refused':
      return 'soon'
    case 'owned-elsewhere':
    case 'profile-unknown':
      return 'daily'
    case 'mac-refused':
    case 'serial-missing':
    case 'serial-refused':
    case 'address-refused':
      return 'never'
  }
}

export type FailureKind =
  'unreachable' | 'rate-limited' | 'failing' | 'login-refused' | 'forbidden' | 'clock-off' | 'unreadable'

/** A whole call came to nothing: it says nothing about any one phone. Its message holds no secret. */
export class RedirectFailure extends AppError {
  readonly kind: FailureKind
  /** How long the service wants to be left alone; null: it did not say. */
  readonly retryAfterS: number | null

  constructor(kind: FailureKind, message: string, options: { retryAfterS?: number | null; cause?: unknown } = {}) {
    super('redirect-failed', message, { cause: options.cause })
    this.kind = kind
    this.retryAfterS = options.retryAfterS ?? null
  }
}

const LONGEST_QUOTE = 200

/**
 * What a service said, for a person to read: one line, short, without what was sent to it in confidence.
 * @param secrets texts that must not come back out
 */
export function quoteAnswer(text: string, secrets: readonly string[] = []): string {
  let clean = text
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '***')
  clean = clean.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean
}
