import { SaxesParser } from 'saxes'

export type XmlElement = { name: string; attributes: Record<string, string>; text: string; children: XmlElement[] }

/** A whole document by a parser that is not ours; throws at anything that is not well formed. */
export function readXml(bytes: Buffer): XmlElement {
  const parser = new SaxesParser()
  const top: XmlElement = { name: '', attributes: {}, text: '', children: [] }
  const open = [top]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a document type')
  })
  parser.on('cdata', () => {
    throw new Error('a CDATA section')
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes: { ...attributes }, text: '', children: [] }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => (open.at(-1)!.text += text))
  parser.on('closetag', () => void open.pop())
  parser.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).close()
  return top.children[0]!
}
