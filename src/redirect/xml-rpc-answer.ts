import type { XmlRpcValue } from './xml-rpc.ts'
import { readXmlTokens, XmlFault, type XmlToken } from './xml-tokens.ts'

/** An answer: its one value, or the fault that it is instead. */
export type XmlRpcAnswer = { value: XmlRpcValue } | { fault: { code: number; text: string } }

const DEEPEST = 16
const INTEGER = /^[+-]?\d{1,19}$/

/** Reads a `methodResponse` of the XML-RPC specification. @throws XmlFault */
export function decodeAnswer(xml: string): XmlRpcAnswer {
  const reader = new Reader(xml)
  reader.open('methodResponse')
  const kind = reader.openAny()
  if (kind === 'fault') {
    const value = readValue(reader, 0)
    reader.closeAll(['fault', 'methodResponse'])
    const { faultCode, faultString } = isStruct(value) ? value : {}
    return { fault: { code: Number(faultCode ?? 0), text: typeof faultString === 'string' ? faultString : '' } }
  }
  if (kind !== 'params') throw new XmlFault(`it holds ${kind}`)
  reader.open('param')
  const value = readValue(reader, 0)
  reader.closeAll(['param', 'params', 'methodResponse'])
  return { value }
}

function isStruct(value: XmlRpcValue): value is { [name: string]: XmlRpcValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readValue(reader: Reader, depth: number): XmlRpcValue {
  if (depth > DEEPEST) throw new XmlFault('it nests too deep')
  reader.open('value')
  const bare = reader.text()
  const type = reader.openOrClose('value')
  // Without a type it is a string, blanks included.
  if (type === null) return bare
  const value = readTyped(reader, type, depth)
  reader.close(type)
  reader.close('value')
  return value
}

function readTyped(reader: Reader, type: string, depth: number): XmlRpcValue {
  switch (type) {
    case 'array': {
      reader.open('data')
      const items: XmlRpcValue[] = []
      while (reader.sees('value')) items.push(readValue(reader, depth + 1))
      reader.close('data')
      return items
    }
    case 'struct': {
      const members: [string, XmlRpcValue][] = []
      while (reader.sees('member')) {
        reader.open('member')
        reader.open('name')
        const name = reader.text()
        reader.close('name')
        members.push([name, readValue(reader, depth + 1)])
        reader.close('member')
      }
      return Object.fromEntries(members)
    }
    default:
      return readScalar(type, reader.text())
  }
}

function readScalar(type: string, text: string): XmlRpcValue {
  switch (type) {
    case 'string':
    case 'base64':
    case 'dateTime.iso8601':
      return text
    case 'nil':
    case 'ex:nil':
      return null
    case 'boolean':
      if (text.trim() === '1' || text.trim() === '0') return text.trim() === '1'
      throw new XmlFault('a boolean is neither 0 nor 1')
    case 'int':
    case 'i4':
    case 'i8':
    case 'ex:i8':
      if (INTEGER.test(text.trim())) return Number(text.trim())
      throw new XmlFault('an integer is none')
    case 'double':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
      throw new XmlFault('a number is none')
    default:
      throw new XmlFault(`${type} is no type`)
  }
}

/** Walks over tokens; blanks between tags mean nothing. */
class Reader {
  readonly #tokens: Iterator<XmlToken, undefined>
  #next: XmlToken | null = null

  constructor(xml: string) {
    this.#tokens = readXmlTokens(xml)
    this.#advance()
  }

  open(name: string): void {
    if (this.openAny() !== name) throw new XmlFault(`${name} is missing`)
  }

  openAny(): string {
    this.#skipBlanks()
    const next = this.#next
    if (next?.kind !== 'open') throw new XmlFault('a tag is missing')
    this.#advance()
    return next.name
  }

  /** The name of the tag that begins here; null when `closing` ends here instead. */
  openOrClose(closing: string): string | null {
    if (this.#next?.kind === 'open') return this.openAny()
    this.close(closing)
    return null
  }

  close(name: string): void {
    this.#skipBlanks()
    const next = this.#next
    if (next?.kind !== 'close' || next.name !== name) throw new XmlFault(`${name} does not end`)
    this.#advance()
  }

  closeAll(names: readonly string[]): void {
    for (const name of names) this.close(name)
    this.#skipBlanks()
    if (this.#next) throw new XmlFault('something follows')
  }

  sees(name: string): boolean {
    this.#skipBlanks()
    return this.#next?.kind === 'open' && this.#next.name === name
  }

  text(): string {
    let text = ''
    for (let next = this.#next; next?.kind === 'text'; next = this.#next) {
      text += next.text
      this.#advance()
    }
    return text
  }

  #skipBlanks(): void {
    if (this.text().trim() !== '') throw new XmlFault('text stands between tags')
  }

  #advance(): void {
    const next = this.#tokens.next()
    this.#next = next.done === true ? null : next.value
  }
}
