/** What is read of a mail that came written (RFC 5322): header fields by lower-case name, unfolded, the first of each. */
export function readMailHeaders(raw: string): Map<string, string> {
  const end = /\r?\n\r?\n/.exec(raw)?.index ?? raw.length
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? []
    if (name !== undefined && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value.trim())
  }
  return headers
}

/** The first address of a To field, lower case; null when none is found. */
export function readMailAddress(field: string): string | null {
  const bare = field.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
  return (/<([^<>\s]+@[^<>\s]+)>/.exec(bare) ?? /([^\s<>,;"]+@[^\s<>,;"]+)/.exec(bare))?.[1]?.toLowerCase() ?? null
}
