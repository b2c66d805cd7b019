import { readXml, type XmlElement } from './xml.ts'

export type DigiumConfig = {
  settings: Map<string, string>
  accounts: {
    account: Record<string, string>
    host: Record<string, string> | null
    proxy: Record<string, string> | null
  }[]
  contacts: string
  company: string | null
  keys: string
}

/** Reads the first file of a D or P phone: settings by id, accounts in order of their index, where to go on. */
export function readDigium(bytes: Buffer): DigiumConfig {
  const root = readXml(bytes)
  if (root.name !== 'config') throw new Error('not a config')
  const settings = new Map<string, string>()
  for (const { attributes } of root.children.filter(({ name }) => name === 'setting')) {
    if (settings.has(attributes.id!)) throw new Error(`${attributes.id!} is set twice`)
    settings.set(attributes.id!, attributes.value!)
  }
  return {
    settings,
    accounts: find(root, 'accounts').children.map(readAccount),
    contacts: findContacts(root, 'keys')!,
    company: findContacts(root, 'company'),
    keys: find(find(root, 'smart_blf'), 'blf_items').attributes.url!,
  }
}

function readAccount(element: XmlElement, index: number) {
  if (element.name !== 'account' || element.attributes.index !== String(index)) throw new Error('not the next account')
  const host = element.children.find(({ name }) => name === 'host_primary')
  const proxy = [...element.children, ...(host?.children ?? [])].find(({ name }) => name === 'outbound_proxy')
  return { account: element.attributes, host: host?.attributes ?? null, proxy: proxy?.attributes ?? null }
}

/** What the file says of a site: settings by id, and the server of each account for when the first one is away. */
export function readDigiumSite(bytes: Buffer): Map<string, string> {
  const values = new Map(readDigium(bytes).settings)
  for (const account of find(readXml(bytes), 'accounts').children) {
    const others = account.children.filter(({ name }) => name === 'host_alternate')
    if (others.length > 1) throw new Error('host_alternate comes twice')
    const server = others[0]?.attributes
    if (server) values.set(`account.${account.attributes.index!}.alternate`, `${server.server!}:${server.port!}`)
  }
  return values
}

export type DigiumKey = { place: string; label: string; dial: string; watched: boolean } | { place: string }

/** Puts keys and contacts together as the phone does: a key shows the contact of its id, or nothing. */
export function readDigiumKeys(keys: Buffer, contacts: Buffer): DigiumKey[] {
  const group = find(readXml(contacts), 'contacts')
  const known = new Map(group.children.map((contact) => [contact.attributes.id!, contact]))
  if (known.size !== group.children.length) throw new Error('a contact comes twice')
  return find(find(readXml(keys), 'smart_blf'), 'blf_items').children.map(({ attributes }) => {
    const place = `${attributes.location!} ${attributes.index!}`
    if (attributes.contact_id === undefined) return { place }
    const contact = known.get(attributes.contact_id)!
    const [action] = find(contact, 'actions').children
    const watched = contact.attributes.subscribe_to !== ''
    return { place, label: contact.attributes.first_name!, dial: action!.attributes.dial!, watched }
  })
}

/** Where the contacts of that id are fetched from. */
function findContacts(root: XmlElement, id: string): string | null {
  const found = root.children.filter(({ name, attributes }) => name === 'contacts' && attributes.id === id)
  if (found.length > 1) throw new Error(`${id} comes twice`)
  return found[0]?.attributes.url ?? null
}

function find(element: XmlElement, name: string): XmlElement {
  const found = element.children.filter((child) => child.name === name)
  if (found.length !== 1) throw new Error(`${found.length} of ${name}`)
  return found[0]!
}
