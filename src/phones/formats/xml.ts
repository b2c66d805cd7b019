import { unsafe, type Entry, type Format } from './format.ts'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text and attribute values alike: what is escaped for an attribute is also right between tags. */
function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character]!)
}

const NAME = '[A-Za-z_][A-Za-z0-9_.:-]*'
const DECLARATION = /^<\?xml version="1\.0" encoding="(?:UTF-8|utf-8)"\s*\?>/
const TAG = new RegExp(`^<(/?)(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`)
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g')

/**
 * XML 1.0 as far as phones read it: elements, attributes, text and comments in UTF-8. Document types, CDATA sections
 * and processing instructions are refused: nothing of ours needs them and parsers differ in them.
 */
export const xmlFormat: Format = { escape: escapeXml, read: readXml }

/** Keys are paths: `/config/section`, `/config/section/@name`; an element's own entry holds its text, trimmed. */
function readXml(text: string): Entry[] {
  const entries: Entry[] = []
  const open: { name: string; path: string; entry: Entry }[] = []
  let rest = text.replace(DECLARATION, '')
  while (rest.trim() !== '') {
    const at = rest.indexOf('<')
    appendText(open.at(-1)?.entry, at < 0 ? rest : rest.slice(0, at))
    if (at < 0) break
    rest = rest.slice(at)
    const length = commentLength(rest)
    if (length > 0) {
      rest = rest.slice(length)
      continue
    }
    const tag = TAG.exec(rest)
    if (!tag) throw unsafe('A tag is malformed')
    const [whole, closing, name, attributes, empty] = tag as unknown as [string, string, string, string, string]
    rest = rest.slice(whole.length)
    if (closing === '/') {
      if (attributes !== '' || empty !== '' || open.pop()?.name !== name) throw unsafe(`</${name}> closes nothing`)
      continue
    }
    if (open.length === 0 && entries.length > 0) throw unsafe('There is more than one root element')
    const path = `${open.at(-1)?.path ?? ''}/${name}`
    const entry = { key: path, value: '' }
    entries.push(entry, ...readAttributes(path, attributes))
    if (empty === '') open.push({ name, path, entry })
  }
  if (open.length > 0 || entries.length === 0) throw unsafe('The root element is missing or not closed')
  for (const entry of entries) entry.value = entry.key.includes('@') ? entry.value : entry.value.trim()
  return entries
}

function commentLength(rest: string): number {
  if (!rest.startsWith('<!--')) return 0
  const end = rest.indexOf('--', 4)
  if (end < 0 || rest[end + 2] !== '>') throw unsafe('A comment is malformed')
  return end + 3
}

function appendText(entry: Entry | undefined, raw: string): void {
  if (entry) entry.value += unescapeXml(raw)
  else if (raw.trim() !== '') throw unsafe('There is text outside of the root element')
}

function readAttributes(path: string, text: string): Entry[] {
  const found = [...text.matchAll(ATTRIBUTE)].map((match) => ({
    key: `${path}/@${match[1]!}`,
    value: unescapeXml(match[2] ?? match[3]!),
  }))
  if (new Set(found.map((entry) => entry.key)).size !== found.length) throw unsafe('An attribute is given twice')
  return found
}

function unescapeXml(raw: string): string {
  if (raw.includes(']]>')) throw unsafe('There is a bare "]]>"')
  return raw.replace(/&([^;&\s]*;?)/g, (_, name: string) => {
    const known = ENTITIES[name.slice(0, -1)]
    if (known === undefined || !name.endsWith(';')) throw unsafe('There is a bare "&" or an unknown entity')
    return known
  })
}
