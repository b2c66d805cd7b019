import fc from 'fast-check'
import { expect, it } from 'vitest'
import { vcardFormat } from '../../../src/phones/formats/vcard.ts'

const card = (...lines: string[]) => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')

it('reads properties, their parameters and the components of a name', () => {
  expect(vcardFormat.read(card('FN:Jo\\, the Doe', 'N:Doe;Jo;;;', 'TEL;TYPE=work:1001'))).toEqual([
    { key: '0/FN/0', value: 'Jo, the Doe' },
    ...['Doe', ';', 'Jo', ';', ';', ';'].map((value, at) => ({ key: `0/N/${at}`, value })),
    { key: '0/TEL;TYPE=work/0', value: '1001' },
  ])
})

it.each([
  ['a line feed alone', 'BEGIN:VCARD\nEND:VCARD\n'],
  ['a card that is not closed', 'BEGIN:VCARD\r\nFN:a\r\n'],
  ['a card within a card', card('BEGIN:VCARD')],
  ['something between cards', `${card('FN:a')}FN:b\r\n`],
  ['a line that is no property', card('hello')],
  ['a backslash that escapes nothing', card('FN:a\\x')],
  ['a missing end of the last line', card('FN:a').trimEnd()],
])('refuses %s', (_, text) => {
  expect(() => vcardFormat.read(text)).toThrow(expect.objectContaining({ code: 'value-unsafe' }) as Error)
})

it('reads every line of text back as it was', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text))
  fc.assert(
    fc.property(line, (text) => {
      const entries = vcardFormat.read(card(`FN:${vcardFormat.escape(text)}`))
      expect(entries.map(({ value }) => value).join('')).toBe(text)
    }),
  )
})
