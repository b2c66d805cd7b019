/** One place that binary packages come from. */
export type Source = { uri: string; suite: string; components: string; signedBy: string | null }

/** Reads binary sources over the network out of a sources.list(5) file in either of its two formats. */
export function parseSources(text: string, deb822: boolean): Source[] {
  const sources = deb822 ? parseStanzas(text) : parseLines(text)
  return sources.filter(({ uri, components }) => /^https?:/.test(uri) && components !== '')
}

function parseLines(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line)
    if (!match) return []
    const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1] ?? null
    return [{ uri: match[2]!, suite: match[3]!, components: match[4]!.trim(), signedBy }]
  })
}

function parseStanzas(text: string): Source[] {
  const uncommented = text.replaceAll(/^#.*\n?/gm, '')
  return uncommented.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? ''
    const words = (name: string): string[] => field(name).split(/\s+/).filter(Boolean)
    if (!words('Types').includes('deb') || /^no$/i.test(field('Enabled'))) return []
    // A key may also stand inline, as folded text; then the machine's default keyrings must do.
    const signedBy = field('Signed-By').startsWith('/') ? field('Signed-By') : null
    const components = words('Components').join(' ')
    return words('URIs').flatMap((uri) => words('Suites').map((suite) => ({ uri, suite, components, signedBy })))
  })
}

/** The same source as a line of a sources.list file. */
export function formatSource({ uri, suite, components, signedBy }: Source): string {
  return `deb ${signedBy === null ? '' : `[signed-by=${signedBy}] `}${uri} ${suite} ${components}`
}
