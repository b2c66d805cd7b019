import type { Random } from '../tftp/random-packets.ts'
import { QUESTIONS } from './messages.ts'
import { answerNotify } from './multicast-phone.ts'

const PIECES = [
  '\r\n',
  '\n',
  ' ',
  ';',
  ',',
  '<',
  '>',
  '"',
  '\\',
  ':',
  '@',
  '=',
  '%3a',
  ';tag=',
  '\0',
  '\xff',
  'MAC:',
  ';rport',
]

/** One datagram: a phone's question or its answer to a NOTIFY, whole or spoilt, or noise. */
export function drawPacket(random: Random, { notify, port }: { notify: string; port: number }): Buffer {
  const mac = random
    .below(2 ** 24)
    .toString(16)
    .padStart(6, '0')
  const question = random
    .pick(QUESTIONS)
    .text.replaceAll(/(MAC%3a)[0-9a-f]{12}/gi, `$1001565${mac}`)
    .replaceAll('127.0.0.1:5060', `127.0.0.1:${port}`)
    .replace('3c26700c1adb', String(random.below(1e9)))
  const whole = random.below(4) === 0 ? answerNotify(notify, random.pick(['200 OK', '481 Gone', '100 Wait'])) : question
  switch (random.below(6)) {
    case 0:
      return Buffer.from(whole.slice(0, random.below(whole.length + 1)), 'latin1')
    case 1: {
      let text = whole
      for (let n = random.below(4); n >= 0; n--) {
        const at = random.below(text.length + 1)
        text = text.slice(0, at) + random.pick(PIECES) + text.slice(at + random.below(6))
      }
      return Buffer.from(text, 'latin1')
    }
    case 2: {
      const bytes = Buffer.from(whole, 'latin1')
      for (let n = random.below(4); n >= 0; n--) bytes[random.below(bytes.length)] = random.below(256)
      return bytes
    }
    case 3:
      return random.bytes(random.pick([0, 1, 4, 20, 516, 1472]))
    default:
      return Buffer.from(whole, 'latin1')
  }
}
