import { AppError } from '../model/app-error.ts'

const CANDIDATES = [',', ';', '\t', '|'] as const
const NAMES: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  pipe: '|',
}
const SAMPLE_CHARACTERS = 65_536
const SAMPLE_LINES = 20

/** Reads what an admin chose: one character, or `comma`, `semicolon`, `tab`, `pipe`. Throws `input-invalid`. */
export function parseDelimiter(text: string): string {
  const delimiter = NAMES[text.toLowerCase()] ?? text
  if (delimiter.length === 1 && !/[\s"'\p{L}\p{N}\0]/u.test(delimiter.replace('\t', ','))) return delimiter
  throw new AppError('input-invalid', 'A delimiter is one character such as , ; | or the word tab')
}

/** Takes off Excel's `sep=;` first line, which names the delimiter and is no data. */
export function takeSeparatorLine(text: string): { text: string; delimiter: string | null } {
  const match = /^\s*"?sep=([^\r\n\p{L}\p{N}"'\0])"?[ ,;]*(?:\r\n|\n|\r|$)/iu.exec(text.slice(0, 100))
  return match ? { text: text.slice(match[0].length), delimiter: match[1]! } : { text, delimiter: null }
}

/**
 * Finds the delimiter with which most of the first lines have as many cells as the first one, or as most others do
 * where a title stands above the header; a comma if none has two.
 */
export function sniffDelimiter(text: string): string {
  const counts = countPerLine(text)
  let best: string = ','
  let bestScore = 0
  for (const [index, candidate] of CANDIDATES.entries()) {
    for (const width of new Set([counts[0]?.[index] ?? 0, mostFrequent(counts.map((line) => line[index]!))])) {
      if (width === 0) continue
      const agreeing = counts.filter((line) => line[index] === width).length
      const score = agreeing / counts.length + width / (width + 1000)
      if (score > bestScore) [best, bestScore] = [candidate, score]
    }
  }
  return best
}

/** Of the counts above 0; 0 without any. */
function mostFrequent(counts: readonly number[]): number {
  const lines = Map.groupBy(
    counts.filter((count) => count > 0),
    (count) => count,
  )
  return [...lines].toSorted(([, left], [, right]) => right.length - left.length)[0]?.[0] ?? 0
}

/** Occurrences of each candidate outside quotes, for each of the first lines that is not empty. */
function countPerLine(text: string): number[][] {
  const sample = text.slice(0, SAMPLE_CHARACTERS)
  const lines: number[][] = []
  let line: number[] = CANDIDATES.map(() => 0)
  let filled = false
  let quoted = false
  for (const character of sample) {
    if (character === '"') quoted = !quoted
    if (quoted || (character !== '\n' && character !== '\r')) {
      filled = true
      const candidate = quoted ? -1 : CANDIDATES.indexOf(character as ',')
      if (candidate >= 0) line[candidate]! += 1
      continue
    }
    if (filled && lines.push(line) === SAMPLE_LINES) return lines
    line = CANDIDATES.map(() => 0)
    filled = false
  }
  // A line that the sample cuts has too few cells to be compared.
  if (filled && (sample.length === text.length || lines.length === 0)) lines.push(line)
  return lines
}
