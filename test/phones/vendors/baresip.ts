export type BaresipAccount = { displayName: string; uri: string; parameters: Map<string, string> }

/**
 * Reads `accounts` character by character as libre does: a quoted name with backslash escapes, an address in angle
 * brackets, parameters of which a quoted value ends at the next quote, whatever stands before it.
 */
export function readBaresipAccounts(bytes: Buffer): BaresipAccount[] {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(readAccount)
}

function readAccount(line: string): BaresipAccount {
  let at = 0
  let displayName = ''
  if (line[at] === '"') {
    for (at += 1; line[at] !== '"'; at += 1) {
      if (at >= line.length) throw new Error('an open name')
      if (line[at] === '\\') at += 1
      displayName += line[at]!
    }
    at += 2
  }
  const end = line.indexOf('>', at)
  if (line[at] !== '<' || end < 0) throw new Error('no address')
  const uri = line.slice(at + 1, end)
  if (!/^sips?:[^\s"<>]+$/.test(uri)) throw new Error('not an address')
  return { displayName, uri, parameters: readParameters(line.slice(end + 1)) }
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (let rest = text; rest !== '';) {
    const match = /^;([a-z0-9_]+)=("[^"]*"|[^;"\s]+)/.exec(rest)
    if (!match || parameters.has(match[1]!)) throw new Error('not a parameter')
    parameters.set(match[1]!, match[2]!.startsWith('"') ? match[2]!.slice(1, -1) : match[2]!)
    rest = rest.slice(match[0].length)
  }
  return parameters
}
