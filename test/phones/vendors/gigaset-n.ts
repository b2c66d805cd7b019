import { readXml } from './xml.ts'

/**
 * Reads `provisioning` version 1.1 as a Gigaset N base does: `param` elements in one `nvm`, and `oper` elements, which
 * are done in their order. The first must remove the handsets that the file does not add.
 */
export function readGigasetBase(bytes: Buffer): { values: Map<string, string>; handsets: string[] } {
  const root = readXml(bytes)
  const [nvm, ...more] = root.children
  if (root.name !== 'provisioning' || root.attributes.version !== '1.1') throw new Error('not version 1.1')
  if (nvm?.name !== 'nvm' || more.length > 0) throw new Error('not one nvm')
  if (nvm.children[0]?.attributes.name !== 'DeleteNotProvisionedHS') throw new Error('keeps handsets of old')
  const values = new Map<string, string>()
  const handsets: string[] = []
  for (const { name: element, attributes, children } of nvm.children.slice(1)) {
    const { name = '', value = '' } = attributes
    if (Object.keys(attributes).sort().join() !== 'name,value') throw new Error('not a name and a value')
    if (element === 'oper') {
      const status = children[0]?.attributes
      if (name !== 'add_hs' || status?.name !== 'hs.RegStatus' || status.value !== 'ToReg')
        throw new Error('not add_hs')
      handsets.push(value)
    } else {
      if (element !== 'param' || children.length > 0) throw new Error('not a param')
      if (values.has(name)) throw new Error(`${name} is set twice`)
      values.set(name, value)
    }
  }
  return { values, handsets }
}

/**
 * Reads a `ProviderFrame` as a Gigaset N510 does: items with ID and value; a text stands in double quotes inside of the
 * value and knows no escapes, a number is decimal or begins with 0x. Comes out as text, and numbers as decimal text.
 */
export function readGigasetFrame(bytes: Buffer): { mac: string; values: Map<string, string> } {
  const root = readXml(bytes)
  const provider = root.children[0]
  if (root.name !== 'ProviderFrame' || provider?.name !== 'Provider') throw new Error('not a provider')
  const [mac, profile, ...items] = provider.children
  if (mac?.name !== 'MAC_ADDRESS' || profile?.name !== 'PROFILE_NAME') throw new Error('not for a base')
  const values = new Map<string, string>()
  for (const { name, attributes } of items) {
    const id = name === 'SYMB_ITEM' ? attributes.ID! : name
    if (attributes.class !== (name === 'SYMB_ITEM' ? 'symb_item' : 'string')) throw new Error(`${id} has no class`)
    if (values.has(id)) throw new Error(`${id} is set twice`)
    values.set(id, readFrameValue(attributes.value!))
  }
  return { mac: mac.attributes.value!, values }
}

function readFrameValue(raw: string): string {
  const text = /^"([^"]*)"$/.exec(raw)
  if (text) return text[1]!
  const numbers = raw.split(',')
  if (!numbers.every((one) => /^(?:0x[0-9a-f]+|[0-9]+)$/.test(one))) throw new Error('neither a text nor numbers')
  return numbers.map(Number).join()
}
