/** Samples a second of G.711. */
export const SAMPLE_RATE_HZ = 8000

const BIAS = 0x84
const CLIP = 32_635

/** One 16-bit sample as µ-law (ITU-T G.711). */
export function encodeUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS
  const exponent = 24 - Math.clz32(magnitude)
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

/** One µ-law octet as a 16-bit sample. */
export function decodeUlaw(octet: number): number {
  const value = ~octet & 0xff
  const magnitude = ((((value & 0x0f) << 3) + BIAS) << ((value >> 4) & 7)) - BIAS
  return value & 0x80 ? 0 - magnitude : magnitude
}

const DECODED = Int16Array.from({ length: 256 }, (_, octet) => decodeUlaw(octet))

/** Decodes into the end of a window, whose older samples move toward its start. */
export function slideInto(window: Int16Array, ulaw: Uint8Array): void {
  const fresh = ulaw.length > window.length ? ulaw.subarray(-window.length) : ulaw
  window.copyWithin(0, fresh.length)
  fresh.forEach((octet, index) => (window[window.length - fresh.length + index] = DECODED[octet]!))
}

/** µ-law of a sine of half amplitude; `firstSample` keeps the phase from packet to packet. No frequency: silence. */
export function sine(frequencyHz: number | undefined, firstSample: number, samples: number): Buffer {
  const octets = Buffer.alloc(samples, encodeUlaw(0))
  if (frequencyHz === undefined) return octets
  const step = (2 * Math.PI * frequencyHz) / SAMPLE_RATE_HZ
  for (let index = 0; index < samples; index += 1) {
    octets[index] = encodeUlaw(Math.round(16_000 * Math.sin(step * (firstSample + index))))
  }
  return octets
}

/** The share of a window's energy at one frequency, 0 to 1, by Goertzel's algorithm. */
export function toneShare(window: Int16Array, frequencyHz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequencyHz) / SAMPLE_RATE_HZ)
  let energy = 0
  let last = 0
  let beforeLast = 0
  for (const sample of window) {
    energy += sample * sample
    const current = sample + factor * last - beforeLast
    beforeLast = last
    last = current
  }
  if (energy === 0) return 0
  const power = last * last + beforeLast * beforeLast - factor * last * beforeLast
  return (2 * power) / (window.length * energy)
}

/** Whether a window is a clear tone of that frequency: most of its energy, and louder than line noise. */
export function isTone(window: Int16Array, frequencyHz: number): boolean {
  return loudness(window) > 300 && toneShare(window, frequencyHz) > 0.6
}

/** The strongest frequency of the telephone band in steps of 10 Hz, undefined in silence. For error messages. */
export function strongestTone(window: Int16Array): number | undefined {
  if (loudness(window) <= 300) return undefined
  const candidates = Array.from({ length: 321 }, (_, step) => 200 + step * 10)
  const shares = candidates.map((frequencyHz) => toneShare(window, frequencyHz))
  return candidates[shares.indexOf(Math.max(...shares))]
}

function loudness(window: Int16Array): number {
  const energy = window.reduce((sum, sample) => sum + sample * sample, 0)
  return Math.sqrt(energy / window.length)
}
