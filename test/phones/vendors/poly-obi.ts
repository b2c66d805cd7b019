import { readXml, type XmlElement } from './xml.ts'

/**
 * Reads a `ParameterList` as an OBi does (OBi1062 administrator guide, "remote provisioning"): objects with a path that
 * ends in a dot, each with names and values. Comes out by whole name.
 */
export function readObi(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'ParameterList') throw new Error('not a list of parameters')
  const values = new Map<string, string>()
  for (const object of root.children) {
    const [path, ...structs] = object.children
    if (object.name !== 'Object' || !/^[A-Z][A-Za-z0-9_]*\.(?:[A-Za-z0-9_]+\.)*$/.test(textOf(path, 'Name')))
      throw new Error('not an object')
    for (const { name, children } of structs) {
      if (name !== 'ParameterValueStruct' || children.length !== 2) throw new Error('not a parameter')
      const whole = textOf(path, 'Name') + textOf(children[0], 'Name')
      if (values.has(whole)) throw new Error(`${whole} is set twice`)
      values.set(whole, textOf(children[1], 'Value'))
    }
  }
  return values
}

function textOf(element: XmlElement | undefined, name: string): string {
  if (element?.name !== name || element.children.length > 0) throw new Error(`not a ${name}`)
  return element.text
}
