import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMedia } from '../../src/store/read-media.ts'
import { makeBmp, makeJpeg, makePng, makeWav } from './files.ts'

const size = fc.integer({ min: 1, max: 4000 })

test('the size of a picture is read from its head, whatever comes before it', () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 0, max: 65_000 }), (width, height, comment) => {
      expect(readMedia(makePng(width, height))).toEqual({ format: 'png', size: { width, height }, audio: null })
      expect(readMedia(makeJpeg(width, height, comment))).toEqual({
        format: 'jpg',
        size: { width, height },
        audio: null,
      })
    }),
  )
  expect(readMedia(makeBmp(320, 240))).toEqual({ format: 'bmp', size: { width: 320, height: 240 }, audio: null })
})

test('a WAV file says its coding, rate, bits and channels', () => {
  const read = (tag: number, rateHz: number, bits: number, channels = 1) =>
    readMedia(makeWav({ tag, rateHz, bits, channels })).audio
  expect(read(1, 8000, 16)).toEqual({ coding: 'pcm', rateHz: 8000, bits: 16, channels: 1 })
  expect(read(7, 8000, 8)).toEqual({ coding: 'mulaw', rateHz: 8000, bits: 8, channels: 1 })
  expect(read(6, 16_000, 8, 2)).toEqual({ coding: 'alaw', rateHz: 16_000, bits: 8, channels: 2 })
  expect(read(85, 44_100, 16)?.coding).toBe('other')
})

test('whatever is sent is read without an error, and what is cut off is never a picture of no size', () => {
  const heads = [
    makePng(480, 272),
    makeJpeg(480, 272, 20),
    makeBmp(48, 27),
    makeWav({ tag: 1, rateHz: 8000, bits: 16 }),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.nat(), fc.uint8Array({ maxLength: 40 }), (whole, at, noise) => {
      const bytes = Buffer.concat([whole.subarray(0, at % (whole.length + 1)), noise])
      const { format, size: found } = readMedia(bytes)
      if (['png', 'jpg', 'bmp'].includes(format)) expect(found!.width * found!.height).toBeGreaterThan(0)
      else expect(found).toBeNull()
    }),
    { numRuns: 2_000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void readMedia(Buffer.from(bytes))))
})
