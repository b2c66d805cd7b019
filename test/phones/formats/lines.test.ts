import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFormat } from '../../../src/phones/formats/json.ts'
import { createLineFormat, type LineSyntax } from '../../../src/phones/formats/lines.ts'

const syntax: LineSyntax = {
  separator: '=',
  comments: ['#', ';'],
  quote: 'none',
  sections: false,
  reserved: ['%NULL%'],
  forbidden: '',
  repeatable: ['user'],
  nameCharacters: '',
}
const read = (text: string, change: Partial<LineSyntax> = {}) => createLineFormat({ ...syntax, ...change }).read(text)
const escape = (value: string, change: Partial<LineSyntax> = {}) =>
  createLineFormat({ ...syntax, ...change }).escape(value)

describe('files of lines', () => {
  it('read as name and value, comments and empty lines aside', () => {
    expect(read('# note\n\na.b = x = y \nc=\n')).toEqual([
      { key: 'a.b', value: 'x = y' },
      { key: 'c', value: '' },
    ])
  })

  it('may have names with blanks or slashes where the vendor writes them so', () => {
    const line = 'sip line1 user/name: x: y\n'
    expect(() => read(line, { separator: ':' })).toThrow(/not a name/)
    expect(read(line, { separator: ':', nameCharacters: ' /' })).toEqual([
      { key: 'sip line1 user/name', value: 'x: y' },
    ])
    expect(() => read(': y\n', { separator: ':', nameCharacters: ' ' })).toThrow(/not a name/)
  })

  it('may be split by blanks, grouped in sections or quoted', () => {
    expect(read('audio_player\talsa,default\n', { separator: ' ' })).toEqual([
      { key: 'audio_player', value: 'alsa,default' },
    ])
    expect(read('[one]\na = 1\n[two]\na = 2\n', { sections: true }).map(({ key }) => key)).toEqual(['one/a', 'two/a'])
    expect(read('a = "x y"\n', { quote: 'double' })).toEqual([{ key: 'a', value: 'x y' }])
  })

  it.each<[string, string, Partial<LineSyntax>]>([
    ['a missing first line', 'a = 1\n', { firstLine: '#!version:1.0.0.1' }],
    ['a line without a value', 'a\n', {}],
    ['a name with a blank', 'a b = 1\n', {}],
    ['a name given twice', 'a = 1\na = 2\n', {}],
    ['a missing quote', 'a = x\n', { quote: 'double' }],
    ['a quote inside', 'a = "x"y"\n', { quote: 'double' }],
    ['no line feed at the end', 'a = 1', {}],
  ])('are refused for %s', (_, text, change) => {
    expect(() => read(text, change)).toThrow()
  })

  it('may repeat what the dialect repeats', () => {
    expect(read('user = a\nuser = b\n')).toHaveLength(2)
  })

  it('have no spelling for some values', () => {
    expect(() => escape('%NULL%')).toThrow(/command/)
    expect(() => escape(' x')).toThrow(/blank/)
    expect(() => escape('x # y', { forbidden: '#' })).toThrow(/cannot carry/)
    expect(() => escape('say "x"', { quote: 'double' })).toThrow(/cannot carry/)
    expect(escape(' x ', { quote: 'double' })).toBe(' x ')
  })
})

it('JSON reads back every value that it writes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (value) => {
      const text = `{"lines":[{"user":"${jsonFormat.escape(value)}"}]}`
      expect(jsonFormat.read(text).at(-1)).toEqual({ key: '/lines/0/user', value })
    }),
  )
  expect(() => jsonFormat.read('{"password":"geheim}')).toThrow(/^The file is not JSON$/)
})
