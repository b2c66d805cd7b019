/** What precedes the file in a path that a phone asks for, and the file. */
export type TokenPath = {
  /** The device token, unverified: only its shape is known. */
  token: string | null
  /** The file as the phone spelled it, without leading slashes; may hold folders, may be empty. */
  file: string
}

const TOKEN = /^[A-Za-z0-9_-]{22}$/

/** Whether text has the shape of a device token: 128 bits in unpadded base64url. */
export function isDeviceTokenShape(text: string): boolean {
  return TOKEN.test(text)
}

/** Splits `[/]<token>/<file>` or `[/]<file>`. A lone first segment is always a file. */
export function parseTokenPath(path: string): TokenPath {
  const bare = path.replace(/^\/+/, '')
  const slash = bare.indexOf('/')
  if (slash === -1) return { token: null, file: bare }
  const first = bare.slice(0, slash)
  return isDeviceTokenShape(first)
    ? { token: first, file: bare.slice(slash).replace(/^\/+/, '') }
    : { token: null, file: bare }
}

/** The path with every segment in token shape as `***`, for logs and error messages. */
export function maskTokens(path: string): string {
  return path
    .split('/')
    .map((segment) => (isDeviceTokenShape(segment) ? '***' : segment))
    .join('/')
}
