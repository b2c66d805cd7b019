import type { Media } from '../model/stored-media.ts'

const NOTHING: Media = { format: 'other', size: null, audio: null }

/** Says what a file is by how it begins; what only looks like a picture or sound is `other`. */
export function readMedia(head: Buffer): Media {
  if (head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return readPng(head)
  if (head[0] === 0xff && head[1] === 0xd8) return readJpeg(head)
  if (head.toString('latin1', 0, 2) === 'BM') return readBmp(head)
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WAVE') return readWav(head)
  const isMp3 = head.toString('latin1', 0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2)
  return isMp3 ? { ...NOTHING, format: 'mp3' } : NOTHING
}

function picture(format: 'png' | 'jpg' | 'bmp', width: number, height: number): Media {
  return width > 0 && height > 0 ? { format, size: { width, height }, audio: null } : NOTHING
}

/** ISO/IEC 15948 §11.2.2: IHDR comes first. */
function readPng(head: Buffer): Media {
  if (head.length < 24 || head.toString('latin1', 12, 16) !== 'IHDR') return NOTHING
  return picture('png', head.readUInt32BE(16), head.readUInt32BE(20))
}

/** ITU-T T.81 B.2.2: the first frame header (SOF0 to SOF15 without DHT, JPG and DAC) holds the size. */
function readJpeg(head: Buffer): Media {
  let at = 2
  while (at + 9 <= head.length) {
    const [mark, code] = [head[at]!, head[at + 1]!]
    if (mark !== 0xff) return NOTHING
    if (code === 0xff || code === 0x01 || (code >= 0xd0 && code <= 0xd7)) at += code === 0xff ? 1 : 2
    else if (code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code))
      return picture('jpg', head.readUInt16BE(at + 7), head.readUInt16BE(at + 5))
    else at += 2 + Math.max(2, head.readUInt16BE(at + 2))
  }
  return NOTHING
}

/** BITMAPINFOHEADER and what grew out of it; a negative height counts from the top. */
function readBmp(head: Buffer): Media {
  if (head.length < 26 || head.readUInt32LE(14) < 40) return NOTHING
  return picture('bmp', head.readInt32LE(18), Math.abs(head.readInt32LE(22)))
}

const CODINGS: Readonly<Record<number, NonNullable<Media['audio']>['coding']>> = { 1: 'pcm', 6: 'alaw', 7: 'mulaw' }
const EXTENSIBLE = 0xfffe

/** Multimedia Programming Interface and Data Specifications 1.0: chunks of an even length, `fmt ` before `data`. */
function readWav(head: Buffer): Media {
  let at = 12
  while (at + 8 <= head.length) {
    const size = head.readUInt32LE(at + 4)
    if (head.toString('latin1', at, at + 4) === 'fmt ' && size >= 16 && at + 24 <= head.length) {
      const tag = head.readUInt16LE(at + 8)
      const code = tag === EXTENSIBLE && size >= 26 && at + 34 <= head.length ? head.readUInt16LE(at + 32) : tag
      const audio = {
        ...{ coding: CODINGS[code] ?? ('other' as const), channels: head.readUInt16LE(at + 10) },
        ...{ rateHz: head.readUInt32LE(at + 12), bits: head.readUInt16LE(at + 22) },
      }
      return { format: 'wav', size: null, audio }
    }
    at += 8 + size + (size % 2)
  }
  return NOTHING
}
