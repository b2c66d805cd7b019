import { readXml } from './xml.ts'

/**
 * Reads a `flat-profile` as a Cisco SPA or MPP does: elements one deep, names of letters, digits, `_` and `-`. The phone
 * takes the last of two of one name; a file of ours has none twice.
 */
export function readCiscoProfile(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'flat-profile') throw new Error('not a flat profile')
  const values = new Map<string, string>()
  for (const { name, text, children, attributes } of root.children) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw new Error('not a parameter')
    if (children.length > 0 || Object.keys(attributes).length > 0) throw new Error(`${name} is not plain`)
    if (values.has(name)) throw new Error(`${name} is set twice`)
    values.set(name, text)
  }
  return values
}

/** The parts of a key function, `fnc=sd;ext=1002@$PROXY;nme=Bob`; a part given twice is an injection. */
export function readCiscoFunction(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const match = /^(fnc|ext|sub|nme)=(.*)$/s.exec(part)
    if (!match || parts.has(match[1]!)) throw new Error('not a key function')
    parts.set(match[1]!, match[2]!)
  }
  return parts
}
