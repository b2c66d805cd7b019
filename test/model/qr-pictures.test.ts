import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeQrCode } from '../../src/model/qr-code.ts'
import { writePng, writeSvg, writeTerminal } from '../../src/model/qr-pictures.ts'
import { type Bitmap, readPng, readQr } from '../support/read-qr.ts'

const SCALE = 4

function paintSvg(svg: string): Bitmap {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1])
  const dark = new Set<string>()
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let at = 0; at < Number(run); at++) dark.add(`${Number(x) + at}/${y}`)
  return scaled(side, (x, y) => !dark.has(`${x}/${y}`))
}

function paintTerminal(text: string): Bitmap {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => Array.from(line.replace('\u001b[30;107m', '').replace('\u001b[0m', '')))
  const light = (x: number, y: number) => !(y % 2 === 0 ? '█▀' : '█▄').includes(lines[y >> 1]?.[x] ?? ' ')
  return scaled(lines[0]!.length, light)
}

function scaled(side: number, light: Bitmap['light']): Bitmap {
  return { width: side * SCALE, light: (x, y) => light(Math.floor(x / SCALE), Math.floor(y / SCALE)) }
}

const LINKS = [
  'https://phones.example.org/AAAAAAAAAAAAAAAAAAAAAA/linphone.xml',
  'csc:acrobits-1001:AAAAAAAAAAAAAAAAAAAAAA@CLOUDID*',
  `https://oem.zoiper.com/qr-howto.php?provider_id=${'f'.repeat(32)}&u=&h=&p=&o=&t=AAAAAAAAAAAAAAAAAAAAAA%2Fzoiper.xml&x=&a=&tr=`,
]

test.each(LINKS)('what a picture says can be read from PNG, SVG and a terminal: %s', (link) => {
  const code = makeQrCode(link)
  expect(readQr(readPng(writePng(code)))).toBe(link)
  expect(readQr(paintSvg(writeSvg(code)))).toBe(link)
  expect(readQr(paintTerminal(writeTerminal(code)))).toBe(link)
})

test('any text of a link can be read back', () => {
  const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
  const text = fc.string({ unit: character, minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 9 }), (link, scale) => {
      expect(readQr(readPng(writePng(makeQrCode(link), scale)))).toBe(link)
    }),
    { numRuns: 40 },
  )
})

test('what a camera might read differently is refused', () => {
  for (const text of ['', 'two words', 'Jürgen', 'a\nb']) expect(() => makeQrCode(text)).toThrow(RangeError)
})
