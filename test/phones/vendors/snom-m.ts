import { readXml, type XmlElement } from './xml.ts'

export type SnomBase = {
  global: ReadonlyMap<string, string>
  /** `name/idx` to value. */
  servers: ReadonlyMap<string, string>
  extensions: ReadonlyMap<string, string>
}

/** Reads a settings file as a Snom M base exports it: three parts in order, flat, indexes in the last two. */
export function readSnomBase(bytes: Buffer): SnomBase {
  const root = readXml(bytes)
  const names = root.children.map(({ name }) => name).join()
  if (root.name !== 'settings' || !['global', 'global,server,extension'].includes(names))
    throw new Error('not settings')
  const [global, servers, extensions] = root.children
  return { global: readPart(global, false), servers: readPart(servers, true), extensions: readPart(extensions, true) }
}

function readPart(part: XmlElement | undefined, indexed: boolean): Map<string, string> {
  const settings = new Map<string, string>()
  for (const { name, attributes, children, text } of part?.children ?? []) {
    if (children.length > 0 || Object.keys(attributes).join() !== (indexed ? 'idx' : ''))
      throw new Error(`${name} is not a setting`)
    const key = indexed ? `${name}/${Number(attributes.idx)}` : name
    if (settings.has(key)) throw new Error(`${key} is set twice`)
    settings.set(key, text)
  }
  return settings
}
