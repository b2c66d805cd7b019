/**
 * Reads a file as an Akuvox does: the first line is exact, `#` and `;` start comment lines, every name has four parts of
 * which the first is `Config`, blanks around a value are dropped.
 */
export function readAkuvox(bytes: Buffer): Map<string, string> {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n|\r/)
  if (lines.shift() !== '#!version:1.0.0.1') throw new Error('not a configuration file')
  const settings = new Map<string, string>()
  for (const line of lines.filter((one) => !/^(?:[#;].*)?$/.test(one))) {
    const match = /^Config\.([A-Za-z0-9]+\.[A-Za-z0-9_]+\.[A-Za-z0-9]+)\s*=(.*)$/.exec(line)
    if (!match) throw new Error('not a setting')
    const [, name, value] = match as unknown as [string, string, string]
    if (settings.has(name)) throw new Error(`${name} is set twice`)
    settings.set(name, value.trim())
  }
  return settings
}
