import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import jsqr from 'jsqr'
import { expect, test } from 'vitest'
import { makeQrCode } from '../../src/model/qr-code.ts'
import { writePng, writeSvg, writeTerminal } from '../../src/model/qr-pictures.ts'

type Bitmap = { width: number; light: (x: number, y: number) => boolean }

/** What a camera reads. */
function read({ width, light }: Bitmap): string | undefined {
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++) if (!light(x, y)) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  const decode = jsqr as unknown as typeof jsqr.default
  return decode(pixels, width, width, { inversionAttempts: 'dontInvert' })?.data
}

/** Reads a PNG of one bit a pixel, each chunk's check included. */
function readPng(png: Buffer): Bitmap {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(crc(body)).toBe(png.readUInt32BE(at + 8 + length))
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4))
    at += 12 + length
  }
  const head = chunks.get('IHDR')!
  const [width, height, depth, colour] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]]
  expect({ height, depth, colour }).toEqual({ height: width, depth: 1, colour: 0 })
  const lines = inflateSync(chunks.get('IDAT')!)
  const stride = 1 + Math.ceil(width / 8)
  expect(lines.length).toBe(stride * width)
  expect(chunks.has('IEND')).toBe(true)
  return { width, light: (x, y) => (lines[y * stride + 1 + (x >> 3)]! & (0x80 >> (x & 7))) !== 0 }
}

function crc(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

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
  expect(read(readPng(writePng(code)))).toBe(link)
  expect(read(paintSvg(writeSvg(code)))).toBe(link)
  expect(read(paintTerminal(writeTerminal(code)))).toBe(link)
})

test('any text of a link can be read back', () => {
  const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
  const text = fc.string({ unit: character, minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 9 }), (link, scale) => {
      expect(read(readPng(writePng(makeQrCode(link), scale)))).toBe(link)
    }),
    { numRuns: 40 },
  )
})

test('what a camera might read differently is refused', () => {
  for (const text of ['', 'two words', 'Jürgen', 'a\nb']) expect(() => makeQrCode(text)).toThrow(RangeError)
})
