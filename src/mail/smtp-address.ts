import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'

/** Where mail is handed over, and as whom. */
export type SmtpAddress = {
  host: string
  port: number
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS, which a login insists on unless the server is this machine. */
  tls: boolean
  user: string | null
  secret: Secret | null
  /** PEM file of the authority that signed the server's certificate (`?ca=/path`); absent: the system's roots. */
  caFile: string | null
}

/** RFC 6409: submission; RFC 8314: submission over TLS. */
const DEFAULT_PORT = { 'smtp:': 587, 'smtps:': 465 } as const

/**
 * Reads `smtp://user:secret@host:587` or `smtps://user:secret@host`, user and secret percent-encoded or left out.
 * @throws AppError `config-invalid`, which never shows the URL because a secret is in it
 */
export function parseSmtpUrl(url: string): SmtpAddress {
  const parsed = URL.parse(url)
  const scheme = parsed?.protocol
  if (!parsed || (scheme !== 'smtp:' && scheme !== 'smtps:') || parsed.hostname === '')
    throw new AppError('config-invalid', 'The SMTP URL must look like smtp://user:secret@host:587 (smtps:// for TLS)')
  const user = decode(parsed.username)
  const secret = decode(parsed.password)
  if ((user === '') !== (secret === ''))
    throw new AppError('config-invalid', 'The SMTP URL has a user without a secret, or a secret without a user')
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? DEFAULT_PORT[scheme] : Number(parsed.port),
    tls: scheme === 'smtps:',
    user: user === '' ? null : user,
    secret: secret === '' ? null : new Secret(secret),
    caFile: parsed.searchParams.get('ca'),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new AppError('config-invalid', 'User or secret in the SMTP URL is not valid percent-encoding')
  }
}
