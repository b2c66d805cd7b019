/**
 * Reads a file as an AudioCodes 400HD does (administrator manual, "file syntax"): `path/to/name=value` without blanks in
 * front of the sign, `#` and `;` start comment lines.
 */
export function readAudioCodes(bytes: Buffer): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n|\r/)) {
    if (line === '' || /^[#;]/.test(line)) continue
    const match = /^([a-z_]+(?:\/[a-z0-9_]+)+)=(.*)$/.exec(line)
    if (!match) throw new Error('not a parameter')
    if (settings.has(match[1]!)) throw new Error(`${match[1]!} is set twice`)
    settings.set(match[1]!, match[2]!)
  }
  return settings
}
