/**
 * Reads a file as a Panasonic does (KX-UT670 administrator guide, "configuration file specifications"): the first line
 * is exact, the last one is empty, `NAME="value"` knows no blanks around the sign, names have 32 characters at most and
 * values 500. The first of two of one name counts; a file of ours has none twice.
 */
export function readPanasonic(bytes: Buffer): Map<string, string> {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n|\r/)
  if (lines[0] !== '# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!')
    throw new Error('not a file')
  if (lines.at(-1) !== '' || lines.at(-2) !== '') throw new Error('does not end with an empty line')
  const settings = new Map<string, string>()
  for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
    const match = /^([A-Z][A-Z0-9_]{0,31})="([^"\\]{0,500})"$/.exec(line)
    if (!match) throw new Error('not a parameter')
    if (settings.has(match[1]!)) throw new Error(`${match[1]!} is set twice`)
    settings.set(match[1]!, match[2]!)
  }
  return settings
}
