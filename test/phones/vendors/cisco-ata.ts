import { readXml, type XmlElement } from './xml.ts'

/**
 * Reads a `flat-profile` as a Cisco adapter does: elements one deep, but for `router-configuration`, whose own may hold
 * a group. Comes out by path, `router-configuration/Time_Setup/Time_Zone`.
 */
export function readCiscoAdapter(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'flat-profile') throw new Error('not a flat profile')
  const values = new Map<string, string>()
  for (const element of root.children) read(values, element, '', element.name === 'router-configuration' ? 2 : 0)
  return values
}

function read(values: Map<string, string>, element: XmlElement, above: string, depth: number): void {
  const { name, text, children, attributes } = element
  const path = above + name
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || Object.keys(attributes).length > 0)
    throw new Error(`${path} is not plain`)
  if (children.length > depth * 100) throw new Error(`${path} holds others`)
  for (const child of children) read(values, child, `${path}/`, depth - 1)
  if (children.length > 0) return
  if (values.has(path)) throw new Error(`${path} is set twice`)
  values.set(path, text)
}
