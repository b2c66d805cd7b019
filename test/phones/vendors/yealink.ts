/**
 * Reads a file as a Yealink does (administrator guide, "configuration file format"): the first line is exact, `#`
 * starts a comment line, everything else is `name = value` with blanks around both dropped; what comes later wins.
 * Users and passwords share one name, so they come out as `name/user`.
 */
export function readYealink(bytes: Buffer): Map<string, string> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const [first, ...lines] = text.split('\n')
  if (first !== '#!version:1.0.0.1') throw new Error('not a configuration file')
  const settings = new Map<string, string>()
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue
    const match = /^([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)+) *= *(.*?) *$/s.exec(line)
    if (!match) throw new Error(`not a setting: ${line.length} characters`)
    const user = match[1] === 'static.security.user_password' ? /^(\w+):(.*)$/s.exec(match[2]!)! : null
    const name = user ? `${match[1]!}/${user[1]!}` : match[1]!
    if (settings.has(name)) throw new Error(`${name} is set twice`)
    settings.set(name, user ? user[2]! : match[2]!)
  }
  return settings
}
