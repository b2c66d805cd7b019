import { crc32, deflateSync } from 'node:zlib'
import type { QrCode } from './qr-code.ts'

/** As an image that can be scaled: one path, a rectangle for each run of dark modules. */
export function writeSvg(code: QrCode): string {
  const runs = code.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
    ].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  )
  const size = code.length
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${runs.join('')}"/></svg>\n`
  )
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * As a PNG of one bit a pixel (ISO/IEC 15948): grey scale, so 1 is light.
 * @param scale pixels a module
 */
export function writePng(code: QrCode, scale = 8): Buffer {
  const side = code.length * scale
  const lines = code.flatMap((row) => {
    // Each line begins with its filter: none.
    const line = Buffer.alloc(1 + Math.ceil(side / 8))
    for (let x = 0; x < side; x++) if (!row[Math.floor(x / scale)]!) line[1 + (x >> 3)]! |= 0x80 >> (x & 7)
    return Array.from({ length: scale }, () => line)
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.writeUInt8(1, 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(lines), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** For a terminal, two modules a character, in black on white whatever its colours are. */
export function writeTerminal(code: QrCode): string {
  const lines: string[] = []
  for (let y = 0; y < code.length; y += 2) {
    const below = code[y + 1]
    const line = code[y]!.map((dark, x) => (dark ? (below?.[x] ? '█' : '▀') : below?.[x] ? '▄' : ' '))
    lines.push(`\u001b[30;107m${line.join('')}\u001b[0m`)
  }
  return `${lines.join('\n')}\n`
}
