import { readXml, type XmlElement } from './xml.ts'

export type SnomKey = { context: string; label: string; argument: string }

/**
 * Reads a settings file as a Snom does (vendor wiki, "XML settings"): flat settings with an index and a permission,
 * function keys numbered from 0. What must come first to count is first.
 */
export function readSnom(bytes: Buffer): { settings: Map<string, string>; keys: SnomKey[] } {
  const root = readXml(bytes)
  const names = root.children.map(({ name }) => name)
  if (root.name !== 'settings' || !['phone-settings', 'phone-settings,functionKeys'].includes(names.join()))
    throw new Error('not a settings file')
  const [flat, keys] = root.children
  const first = flat!.children.findIndex(({ name }) => name === 'auto_reboot_on_setting_change')
  if (first > 0) throw new Error('auto_reboot_on_setting_change comes too late')
  const settings = new Map<string, string>()
  for (const element of flat!.children) {
    requireLeaf(element, ['idx', 'perm'])
    const name = element.name + (element.attributes.idx === undefined ? '' : `/${element.attributes.idx}`)
    if (settings.has(name)) throw new Error(`${name} is set twice`)
    settings.set(name, element.text)
  }
  return { settings, keys: (keys?.children ?? []).map(readKey) }
}

function readKey(element: XmlElement, index: number): SnomKey {
  requireLeaf(element, ['idx', 'context', 'label', 'perm'])
  const { idx, context, label } = element.attributes
  if (element.name !== 'fkey' || idx !== String(index)) throw new Error('not the next key')
  return { context: context!, label: label!, argument: element.text }
}

function requireLeaf(element: XmlElement, allowed: readonly string[]): void {
  const odd = Object.keys(element.attributes).some((name) => !allowed.includes(name))
  if (odd || element.children.length > 0 || !/^R?W?$/.test(element.attributes.perm ?? ''))
    throw new Error(`${element.name} is not a setting`)
}
