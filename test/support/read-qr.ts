import { inflateSync } from 'node:zlib'
import jsqr from 'jsqr'
import { expect } from 'vitest'

/** A square of light and dark. */
export type Bitmap = { width: number; light: (x: number, y: number) => boolean }

/** What a camera reads; undefined: nothing. */
export function readQr({ width, light }: Bitmap): string | undefined {
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++) if (!light(x, y)) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  const decode = jsqr as unknown as typeof jsqr.default
  return decode(pixels, width, width, { inversionAttempts: 'dontInvert' })?.data
}

/** Reads a PNG of one bit a pixel, each chunk's check included. */
export function readPng(png: Buffer): Bitmap {
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
