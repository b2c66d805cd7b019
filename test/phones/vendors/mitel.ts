/**
 * Reads a file as a Mitel or Aastra does: `#` starts a comment line, a name of words ends at the first colon, blanks
 * around a value are dropped, what comes later wins (a file of ours has no name twice).
 */
export function readMitel(bytes: Buffer): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n|\r/)) {
    if (line === '' || line.startsWith('#')) continue
    const match = /^([a-z][a-z0-9-]*(?: [a-z0-9[\]|-]+)*):(?: (.*))?$/.exec(line)
    if (!match) throw new Error('not a parameter')
    if (settings.has(match[1]!)) throw new Error(`${match[1]!} is set twice`)
    settings.set(match[1]!, (match[2] ?? '').trim())
  }
  return settings
}

/** What the phone knows after its files in the order in which it asks for them. */
export function mergeMitel(files: readonly Buffer[]): Map<string, string> {
  return new Map(files.flatMap((file) => [...readMitel(file)]))
}
