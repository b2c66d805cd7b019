import { readXml } from './xml.ts'

/** Reads `gs_provision` with P-values (Grandstream XML provisioning guide): the MAC address, then code to value. */
export function readGrandstream(bytes: Buffer): { mac: string | null; values: Map<string, string> } {
  const root = readXml(bytes)
  if (root.name !== 'gs_provision' || root.attributes.version !== '1') throw new Error('not gs_provision version 1')
  const names = root.children.map(({ name }) => name)
  if (!['mac,config', 'config'].includes(names.join())) throw new Error('not a MAC address and a config')
  const config = root.children.at(-1)!
  if (config.attributes.version !== '1') throw new Error('not a config of P-values')
  const values = new Map<string, string>()
  for (const { name, text, children } of config.children) {
    if (!/^P\d{1,6}$/.test(name) || children.length > 0) throw new Error('not a P-value')
    if (values.has(name)) throw new Error(`${name} is set twice`)
    values.set(name, text)
  }
  return { mac: names.length === 2 ? root.children[0]!.text : null, values }
}
