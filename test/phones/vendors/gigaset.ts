import { readXml } from './xml.ts'

/** Reads `provisioning` version 1.1 as a Gigaset Maxwell does: `param` elements with name and value in one `nvm`. */
export function readGigaset(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  const [nvm, ...more] = root.children
  if (root.name !== 'provisioning' || root.attributes.version !== '1.1') throw new Error('not version 1.1')
  if (nvm?.name !== 'nvm' || more.length > 0) throw new Error('not one nvm')
  const values = new Map<string, string>()
  for (const { name: element, attributes, children } of nvm.children) {
    const { name, value, ...others } = attributes
    if (element !== 'param' || children.length > 0 || Object.keys(others).length > 0) throw new Error('not a param')
    if (name === undefined || value === undefined || !/^[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)+$/.test(name))
      throw new Error('not a name and a value')
    if (values.has(name)) throw new Error(`${name} is set twice`)
    values.set(name, value)
  }
  return values
}
