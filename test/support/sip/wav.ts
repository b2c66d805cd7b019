import { open, writeFile } from 'node:fs/promises'
import { isTone, SAMPLE_RATE_HZ, strongestTone } from './tone.ts'
import { PATIENCE_MS } from './waiting.ts'
import { setTimeout as pause } from 'node:timers/promises'

const HEADER_BYTES = 44
const WINDOW_BYTES = (SAMPLE_RATE_HZ / 10) * 2

/** Writes a sine as a WAV file: 8 kHz, mono, 16 bit. */
export async function writeTone(path: string, frequencyHz: number, seconds: number): Promise<void> {
  const samples = SAMPLE_RATE_HZ * seconds
  const bytes = Buffer.alloc(HEADER_BYTES + samples * 2)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(SAMPLE_RATE_HZ, 24)
  bytes.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(samples * 2, 40)
  for (let index = 0; index < samples; index += 1) {
    const sample = Math.round(16_000 * Math.sin((2 * Math.PI * frequencyHz * index) / SAMPLE_RATE_HZ))
    bytes.writeInt16LE(sample, HEADER_BYTES + index * 2)
  }
  await writeFile(path, bytes)
}

/**
 * Resolves once the last 100 ms of a recording that is still being written (8 kHz, mono, 16 bit) are that tone.
 * @throws Error that names what was heard instead
 */
export async function waitForRecordedTone(
  findPath: () => Promise<string | undefined>,
  frequencyHz: number,
  timeoutMs: number = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const path = await findPath()
    const window = path === undefined ? new Int16Array(0) : await readEnd(path)
    if (window.length > 0 && isTone(window, frequencyHz)) return
    if (Date.now() > deadline) {
      const heard = window.length > 0 ? strongestTone(window) : undefined
      const found = heard === undefined ? 'silence' : `${heard} Hz`
      throw new Error(`expected a tone of ${frequencyHz} Hz within ${timeoutMs} ms; heard ${found}`)
    }
    await pause(50)
  }
}

async function readEnd(path: string): Promise<Int16Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    // The header holds 44 bytes, so samples begin at even places.
    const start = size - (size % 2) - WINDOW_BYTES
    if (start < HEADER_BYTES) return new Int16Array(0)
    const bytes = Buffer.alloc(WINDOW_BYTES)
    await file.read(bytes, 0, WINDOW_BYTES, start)
    return Int16Array.from({ length: WINDOW_BYTES / 2 }, (_, index) => bytes.readInt16LE(index * 2))
  } finally {
    await file.close()
  }
}
