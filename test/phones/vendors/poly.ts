import { readXml } from './xml.ts'

/**
 * Reads a settings file as UC Software does (administrator guide, "configuration files"): every setting is an
 * attribute with its full dotted name; a `device.` setting counts only with its own `.set` and `device.set`.
 */
export function readPoly(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'polycomConfig' || root.children.length > 0) throw new Error('not a settings file')
  const all = new Map(Object.entries(root.attributes))
  const settings = new Map<string, string>()
  for (const [name, value] of all) {
    if (!/^[a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9_]+)+$/.test(name)) throw new Error('not a setting')
    if (name.endsWith('.set')) continue
    if (name.startsWith('device.') && (all.get('device.set') !== '1' || all.get(`${name}.set`) !== '1'))
      throw new Error(`${name} would not be taken`)
    settings.set(name, value)
  }
  return settings
}

/** The files that a master file sends a phone to, the one that wins first. */
export function readPolyMaster(bytes: Buffer, mac: string): string[] {
  const root = readXml(bytes)
  if (root.name !== 'APPLICATION' || root.children.length > 0) throw new Error('not a master file')
  return root.attributes.CONFIG_FILES!.split(',').map((file) => file.trim().replace('[PHONE_MAC_ADDRESS]', mac))
}
