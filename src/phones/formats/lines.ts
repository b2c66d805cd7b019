import { requireWithout, unsafe, type Entry, type Format } from './format.ts'

/** A file of `name = value` lines. What differs from vendor to vendor is data. */
export type LineSyntax = {
  /** Between name and value; a blank stands for any run of blanks and tabs. */
  separator: string
  /** Mandatory first line, such as Yealink's `#!version:1.0.0.1`. */
  firstLine?: string | undefined
  /** What starts a comment line. */
  comments: readonly string[]
  /** `double`: every value stands in double quotes. */
  quote: 'none' | 'double'
  /** `[name]` lines group the names that follow. */
  sections: boolean
  /** Values that mean something else to the phone, such as `%NULL%`. */
  reserved: readonly string[]
  /** Characters that no value may hold because the phone reads them as structure. */
  forbidden: string
  /** Names that may come more than once. */
  repeatable: readonly string[]
  /** What names hold beside letters, digits, `_`, `.` and `-`: blanks (`sip proxy ip`), slashes (`voip/line/0/id`). */
  nameCharacters: string
}

/** Makes the reader and writer of one such dialect. */
export function createLineFormat(syntax: LineSyntax): Format {
  const name = new RegExp(`^(?:[A-Za-z0-9_.-]|${oneOf(syntax.nameCharacters)})+$`, 'u')
  return { escape: (value) => escapeLine(syntax, value), read: (text) => readLines(syntax, name, text) }
}

/** A pattern of one of these characters; of none where there are none. */
function oneOf(characters: string): string {
  const escaped = Array.from(characters, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
  return escaped.length === 0 ? '(?!)' : `[${escaped.join('')}]`
}

function escapeLine(syntax: LineSyntax, value: string): string {
  const quoted = syntax.quote === 'double'
  requireWithout(syntax.forbidden + (quoted ? '"\\' : ''), value)
  if (syntax.reserved.includes(value)) throw unsafe(`A value is ${value}, which the phone reads as a command`)
  if (!quoted && value !== value.trim()) throw unsafe('A value starts or ends with a blank, which the phone drops')
  return value
}

function readLines(syntax: LineSyntax, isName: RegExp, text: string): Entry[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw unsafe('The last line does not end with a line feed')
  if (syntax.firstLine !== undefined && lines.shift() !== syntax.firstLine)
    throw unsafe(`The first line is not ${syntax.firstLine}`)
  const entries: Entry[] = []
  const seen = new Set<string>()
  let section = ''
  for (const line of lines) {
    if (line.trim() === '' || syntax.comments.some((mark) => line.startsWith(mark))) continue
    const heading = syntax.sections ? /^\[([A-Za-z0-9_.-]+)\]$/.exec(line)?.[1] : undefined
    if (heading !== undefined) {
      section = `${heading}/`
      continue
    }
    const entry = readLine(syntax, isName, line)
    const key = section + entry.key
    if (seen.has(key) && !syntax.repeatable.includes(entry.key)) throw unsafe(`${key} is set twice`)
    seen.add(key)
    entries.push({ key, value: entry.value })
  }
  return entries
}

function readLine(syntax: LineSyntax, isName: RegExp, line: string): Entry {
  const blank = syntax.separator.trim() === ''
  const at = blank ? line.search(/[ \t]/) : line.indexOf(syntax.separator.trim())
  const name = at < 0 ? line : line.slice(0, at).trim()
  if (at < 0 || !isName.test(name)) throw unsafe('A line is not a name and a value')
  const rest = line.slice(at + (blank ? 1 : syntax.separator.trim().length)).trim()
  if (syntax.quote === 'none') return { key: name, value: rest }
  if (!/^"[^"]*"$/.test(rest)) throw unsafe(`The value of ${name} is not in double quotes`)
  return { key: name, value: rest.slice(1, -1) }
}
