import { readXml, type XmlElement } from './xml.ts'

/**
 * Reads a `sysConf` file as a Fanvil does: nested sections; a section that comes in numbers has an index. Paths are
 * `sip/line.1/PhoneNumber`. A section or value that comes twice would leave open which one counts.
 */
export function readFanvil(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  const [version] = root.children
  if (root.name !== 'sysConf' || version?.name !== 'Version' || !/^2\.\d+$/.test(version.text))
    throw new Error('not a sysConf file with its version first')
  const values = new Map<string, string>()
  const sections = new Set<string>()
  const visit = (element: XmlElement, path: string) => {
    for (const child of element.children) {
      const { index, ...odd } = child.attributes
      if (Object.keys(odd).length > 0 || (index !== undefined && !/^[1-9]\d*$/.test(index)))
        throw new Error(`${child.name} has an odd attribute`)
      const name = path + child.name + (index === undefined ? '' : `.${index}`)
      if (values.has(name) || sections.has(name)) throw new Error(`${name} is set twice`)
      if (child.children.length === 0) values.set(name, child.text)
      else sections.add(name)
      visit(child, `${name}/`)
    }
  }
  visit(root, '')
  return values
}
