import { countCodePoints } from './code-points.ts'
import { Fault } from './fault.ts'
import { quote } from './quote.ts'

// C0, C1, line and paragraph separators break lines of phone configs and AMI; the bidirectional overrides
// (Unicode TR #36, 3.4) make a name read as another one.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u
const EACH_FORBIDDEN = new RegExp(FORBIDDEN.source, 'gu')
/** What stands between words. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
/** Left over from web pages and byte order marks; they are invisible and make equal texts differ. */
const ZERO_WIDTH = /[\u200b\ufeff]/gu
/** Nearly every name is done after this one look: visible Latin letters, NFC by themselves, single blanks inside. */
const PRINTABLE = /^[!-~\u00c0-\u017e]+(?: [!-~\u00c0-\u017e]+)*$/
const REPLACEMENT = '\ufffd'

export type TextLimits = { codePoints: number; bytes?: number }

/**
 * Reads one line of free text: NFC, trimmed, runs of white space as one blank.
 * Faults: `text-empty`, `control-character`, `character-lost`, `text-too-long`.
 */
export function parsePlainText(text: string, limits: TextLimits): string | Fault {
  if (PRINTABLE.test(text)) return checkLength(text, limits) ?? text
  const unified = text.replaceAll(ZERO_WIDTH, '').normalize('NFC')
  const forbidden = FORBIDDEN.exec(unified.trim())
  if (forbidden) {
    const code = forbidden[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    const message = `${quote(text)} holds the invisible character U+${code}`
    const visible = parsePlainText(unified.replaceAll(BREAKS, ' ').replaceAll(EACH_FORBIDDEN, ''), limits)
    const repair = visible instanceof Fault ? undefined : visible
    return new Fault('control-character', message, repair ?? 'Type it again', repair)
  }
  if (unified.includes(REPLACEMENT) || !unified.isWellFormed()) {
    return new Fault(
      'character-lost',
      `${quote(text)} holds a character that was lost when the file was written or read`,
      'Save the file as UTF-8, or choose the encoding in which it was saved',
    )
  }
  const line = unified.replaceAll(/\s+/gu, ' ').trim()
  if (line === '') {
    return new Fault('text-empty', 'Nothing visible was found', 'Type it again or leave the cell empty', '')
  }
  return checkLength(line, limits) ?? line
}

function checkLength(line: string, limits: TextLimits): Fault | null {
  const codePoints = line.length <= limits.codePoints ? 0 : countCodePoints(line)
  if (codePoints > limits.codePoints) {
    return new Fault(
      'text-too-long',
      `${quote(line)} has ${codePoints} characters`,
      `At most ${limits.codePoints} characters`,
    )
  }
  const bytes = limits.bytes === undefined ? 0 : Buffer.byteLength(line)
  if (limits.bytes !== undefined && bytes > limits.bytes) {
    return new Fault('text-too-long', `${quote(line)} takes ${bytes} bytes`, `At most ${limits.bytes} bytes in UTF-8`)
  }
  return null
}
