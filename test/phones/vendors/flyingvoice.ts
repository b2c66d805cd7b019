/**
 * Reads a file as a Flyingvoice does: the first line is exact, `#` starts a comment line, names are dotted, the last of
 * two of one name wins (a file of ours has none twice). The password comes with its user, `admin:…`.
 */
export function readFlyingvoice(bytes: Buffer): Map<string, string> {
  const [first, ...lines] = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n|\r/)
  if (first !== '#!version:1.0.0.1') throw new Error('not a configuration file')
  const settings = new Map<string, string>()
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue
    const at = line.indexOf('=')
    const name = line.slice(0, Math.max(at, 0)).trim()
    if (!/^[a-z][a-z_]*(?:\.[a-z0-9_]+)+$/.test(name)) throw new Error('not a setting')
    if (settings.has(name)) throw new Error(`${name} is set twice`)
    settings.set(name, line.slice(at + 1).trim())
  }
  return settings
}
