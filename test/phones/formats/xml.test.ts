import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { xmlFormat } from '../../../src/phones/formats/xml.ts'
import { readXml, type XmlElement } from '../vendors/xml.ts'

/** The same shape as ours, from a parser that is not ours. */
function flatten(element: XmlElement, above = ''): { key: string; value: string }[] {
  const key = `${above}/${element.name}`
  const attributes = Object.entries(element.attributes).map(([name, value]) => ({ key: `${key}/@${name}`, value }))
  return [{ key, value: element.text.trim() }, ...attributes, ...element.children.flatMap((one) => flatten(one, key))]
}

const sorted = (entries: { key: string; value: string }[]) => entries.map(({ key, value }) => `${key}=${value}`).sort()

describe('our strict reading of XML', () => {
  it.each([
    '<a/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a b="1" c=\'2\'><d>x &amp; &lt;y&gt;</d><!-- note --><d/></a>\n',
    '<a><b><c>1</c></b> tail </a>',
  ])('agrees with another parser on %s', (text) => {
    expect(sorted(xmlFormat.read(text))).toEqual(sorted(flatten(readXml(Buffer.from(text)))))
  })

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>tail',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a>&nbsp;</a>',
    '<a>& </a>',
    '<a>]]></a>',
    '<a><!-- -- --></a>',
    '<!DOCTYPE a><a/>',
    '<a><![CDATA[x]]></a>',
    '<a><?php x ?></a>',
    '<1/>',
  ])('refuses %j', (text) => {
    expect(() => xmlFormat.read(text)).toThrow()
  })

  it('accepts nothing that another parser refuses', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="1">',
      '</b>',
      '<c/>',
      '&amp;',
      '&',
      '<',
      '"',
      ']]>',
      '<!--',
      '-->',
      'x',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `<r>${pieces.join('')}</r>`
        let ours: ReturnType<typeof xmlFormat.read>
        try {
          ours = xmlFormat.read(text)
        } catch {
          return
        }
        expect(sorted(ours)).toEqual(sorted(flatten(readXml(Buffer.from(text)))))
      }),
      { numRuns: 3000 },
    )
  })

  it('reads back every value that it writes, between tags and in attributes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0xd7ff }).map((code) => String.fromCharCode(code)) }),
        (value) => {
          const escaped = xmlFormat.escape(value)
          const entries = flatten(readXml(Buffer.from(`<a b="${escaped}">.${escaped}.</a>`)))
          expect(entries).toEqual([
            { key: '/a', value: `.${value}.` },
            { key: '/a/@b', value },
          ])
        },
      ),
    )
  })
})
