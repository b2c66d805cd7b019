/** Longer than any path that a phone asks for: a token, a folder or two, a file. */
const MAX_CHARACTERS = 512

/**
 * The path of a request target, decoded once and without doubled slashes (Gigaset writes them); null for what no phone
 * sends: overlong, not decodable, or with an encoded slash, backslash or control character.
 */
export function readPath(target: string): string | null {
  if (target.length > MAX_CHARACTERS) return null
  const path = withoutQuery(withoutOrigin(target))
  if (!path.startsWith('/')) return null
  const decoded = path.includes('%') ? decode(path) : path
  return decoded?.includes('//') ? decoded.replaceAll(/\/{2,}/g, '/') : decoded
}

/** RFC 9112 §3.2.2: a server takes the absolute form too. */
function withoutOrigin(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
}

function withoutQuery(target: string): string {
  const at = target.search(/[?#]/)
  return at < 0 ? target : target.slice(0, at)
}

function decode(path: string): string | null {
  if (/%(?:2f|5c|[01][0-9a-f]|7f)/i.test(path)) return null
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
