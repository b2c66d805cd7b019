/** `open` for `<a>`, `close` for `</a>`, both for `<a/>`; text with its references resolved, CDATA as it is. */
export type XmlToken = { kind: 'open' | 'close'; name: string } | { kind: 'text'; text: string }

/** What is no XML, or more of it than an answer may be. */
export class XmlFault extends Error {}

const NAME = /^[A-Za-z_][\w.:-]*$/
const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The tokens of a small XML document without a document type: those could define entities of any size. Time grows with
 * the length of the text alone. Attributes are skipped; XML-RPC has none.
 * @throws XmlFault
 */
export function* readXmlTokens(xml: string): Generator<XmlToken, undefined> {
  let at = xml.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < xml.length) {
    const start = xml.indexOf('<', at)
    const end = start < 0 ? xml.length : start
    if (end > at) yield { kind: 'text', text: resolveReferences(xml.slice(at, end)) }
    if (start < 0) return
    if (xml.startsWith('<!--', start)) at = after(xml, '-->', start + 4)
    else if (xml.startsWith('<?', start)) at = after(xml, '?>', start + 2)
    else if (xml.startsWith('<![CDATA[', start)) {
      at = after(xml, ']]>', start + 9)
      yield { kind: 'text', text: xml.slice(start + 9, at - 3) }
    } else {
      at = after(xml, '>', start + 1)
      yield* readTag(xml.slice(start + 1, at - 1))
    }
  }
}

function* readTag(inner: string): Generator<XmlToken, undefined> {
  if (inner.startsWith('!')) throw new XmlFault('it has a document type')
  const closes = inner.startsWith('/')
  const empty = inner.endsWith('/')
  const name = inner.slice(closes ? 1 : 0, empty ? -1 : undefined).split(/\s/, 1)[0]!
  if (!NAME.test(name)) throw new XmlFault('a tag has no name')
  if (!closes) yield { kind: 'open', name }
  if (closes || empty) yield { kind: 'close', name }
}

function after(xml: string, closing: string, from: number): number {
  const at = xml.indexOf(closing, from)
  if (at < 0) throw new XmlFault('it breaks off')
  return at + closing.length
}

function resolveReferences(text: string): string {
  return text.replaceAll(/&([^;&<]{0,12})(;?)/g, (whole, name: string, end: string) => {
    const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const code = number ? (number[1] !== undefined ? parseInt(number[1], 16) : Number(number[2])) : null
    if (end === ';' && code !== null && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
    const known = end === ';' && Object.hasOwn(REFERENCES, name) ? REFERENCES[name] : undefined
    if (known === undefined) throw new XmlFault(`${whole.slice(0, 14)} is no reference`)
    return known
  })
}
