import { AppError } from '../../model/app-error.ts'
import { Secret } from '../../model/secret.ts'
import { isUnsafe } from './encode-action.ts'

/** Where Asterisk's manager interface listens and as whom Offhook logs in. */
export interface AmiAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string
  readonly secret: Secret
  /** PEM file of the authority that signed Asterisk's certificate (`?ca=/path`); absent: the system's roots. */
  readonly caFile?: string
}

/** manager.conf.sample: `port = 5038` and `tlsbindaddr` with 5039. */
const DEFAULT_PORT = { 'ami:': 5038, 'amis:': 5039 } as const

/**
 * Reads `ami://user:secret@host:5038` or, for TLS, `amis://user:secret@host:5039?ca=/path/to/ca.pem`.
 * User and secret are percent-decoded.
 * @throws AppError `config-invalid`, which never shows the URL because a secret is in it.
 */
export function parseAmiUrl(url: string): AmiAddress {
  const parsed = URL.parse(url)
  const scheme = parsed?.protocol
  if (!parsed || (scheme !== 'ami:' && scheme !== 'amis:') || parsed.hostname === '') {
    throw new AppError('config-invalid', 'The AMI URL must look like ami://user:secret@host:5038 (amis:// for TLS)')
  }
  const user = decode(parsed.username, 'user')
  const secret = decode(parsed.password, 'secret')
  const caFile = parsed.searchParams.get('ca')
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? DEFAULT_PORT[scheme] : Number(parsed.port),
    tls: scheme === 'amis:',
    user,
    secret: new Secret(secret),
    ...(caFile ? { caFile } : {}),
  }
}

function decode(part: string, what: string): string {
  let text: string
  try {
    text = decodeURIComponent(part)
  } catch (cause) {
    throw new AppError('config-invalid', `The ${what} in the AMI URL is not valid percent-encoding`, {
      cause: cause instanceof Error ? cause.name : undefined,
    })
  }
  if (text === '' || isUnsafe(text)) {
    throw new AppError('config-invalid', `The ${what} in the AMI URL is empty or holds control characters`)
  }
  return text
}
