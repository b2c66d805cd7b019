/** What precedes the file in a path that a phone asks for, and the file. */
export type TokenPath = {
  /** The device token, unverified: only its shape is known. */
  token: string | null
  /** The file as the phone spelled it, without leading slashes; may hold folders, may be empty. */
  file: string
}

const TOKEN = /^[A-Za-z0-9_-]{22}$/
const TOKEN_CHARACTERS = 22

/** Whether text has the shape of a device token: 128 bits in unpadded base64url. */
export function isDeviceTokenShape(text: string): boolean {
  return TOKEN.test(text)
}

/** Splits `[/]<token>/<file>` or `[/]<file>`. A lone first segment is always a file. */
export function parseTokenPath(path: string): TokenPath {
  const from = skipSlashes(path, 0)
  const slash = path.indexOf('/', from)
  const first = slash - from === TOKEN_CHARACTERS ? path.slice(from, slash) : ''
  return isDeviceTokenShape(first)
    ? { token: first, file: path.slice(skipSlashes(path, slash)) }
    : { token: null, file: path.slice(from) }
}

function skipSlashes(path: string, from: number): number {
  let at = from
  while (path[at] === '/') at++
  return at
}

/** The path with every segment in token shape as `***`, for logs and error messages. */
export function maskTokens(path: string): string {
  let masked = ''
  let kept = 0
  for (let from = 0; from <= path.length;) {
    const slash = path.indexOf('/', from)
    const to = slash === -1 ? path.length : slash
    if (to - from === TOKEN_CHARACTERS && isDeviceTokenShape(path.slice(from, to))) {
      masked += `${path.slice(kept, from)}***`
      kept = to
    }
    from = to + 1
  }
  return kept === 0 ? path : masked + path.slice(kept)
}
