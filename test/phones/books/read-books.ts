import { readXml, type XmlElement } from '../vendors/xml.ts'

/** What a phone shows of a phonebook: `next` is where it goes on, null at the end. */
export type ShownBook = { entries: { name: string; numbers: string[] }[]; next: string | null }

/** `<XIPPhoneDirectory>` of Yealink and those who read the same: names with one to three numbers. */
export function readTelephones(root: string, numbers: readonly string[] = ['Telephone']) {
  return (bytes: Buffer): ShownBook => {
    const entries = entriesOf(readXml(bytes), root, 'DirectoryEntry', ['Title'])
    return { entries: entries.map((entry) => toEntry(entry, 'Name', numbers)), next: null }
  }
}

/** Cisco's directory, at most 32 entries, with a soft key that leads on (IP Phone Services development notes). */
export function readCiscoDirectory(bytes: Buffer): ShownBook {
  const root = readXml(bytes)
  const entries = entriesOf(root, 'CiscoIPPhoneDirectory', 'DirectoryEntry', ['Title', 'Prompt', 'SoftKeyItem'])
  if (entries.length > 32) throw new Error('more than the phone takes')
  const keys = root.children.filter(({ name }) => name === 'SoftKeyItem').map((key) => textOf(key, 'URL'))
  const next = keys.find((url) => url.startsWith('http')) ?? null
  if (!keys.includes('SoftKey:Dial')) throw new Error('nobody can be called')
  return { entries: entries.map((entry) => toEntry(entry, 'Name', ['Telephone'])), next }
}

/** Addresses of a menu, by their names. */
export function readCiscoMenu(bytes: Buffer): Map<string, string> {
  const items = entriesOf(readXml(bytes), 'CiscoIPPhoneMenu', 'MenuItem', ['Title'])
  return new Map(items.map((item) => [textOf(item, 'Name'), textOf(item, 'URL')]))
}

/** What a form makes of a text that somebody types in. */
export function fillCiscoInput(bytes: Buffer, text: string): string {
  const root = readXml(bytes)
  if (root.name !== 'CiscoIPPhoneInput') throw new Error('not a form')
  const input = root.children.find(({ name }) => name === 'InputItem')!
  return `${textOf(root, 'URL')}?${textOf(input, 'QueryStringParam')}=${encodeURIComponent(text)}`
}

export function readSnomDirectory(bytes: Buffer): ShownBook {
  const root = readXml(bytes)
  const entries = entriesOf(root, 'SnomIPPhoneDirectory', 'DirectoryEntry', ['Title', 'SoftKeyItem'])
  const key = root.children.find(({ name }) => name === 'SoftKeyItem')
  return {
    entries: entries.map((entry) => toEntry(entry, 'Name', ['Telephone'])),
    next: key ? textOf(key, 'URL') : null,
  }
}

/** At most 15 entries, the way on as an attribute (Aastra XML development guide). */
export function readAastraDirectory(bytes: Buffer): ShownBook {
  const root = readXml(bytes)
  const entries = entriesOf(root, 'AastraIPPhoneDirectory', 'MenuItem', ['Title'])
  if (entries.length > 15) throw new Error('more than the phone takes')
  return { entries: entries.map((entry) => toEntry(entry, 'Prompt', ['URI'])), next: root.attributes['next'] ?? null }
}

export function readGrandstreamBook(bytes: Buffer): ShownBook {
  const contacts = entriesOf(readXml(bytes), 'AddressBook', 'Contact', ['pbgroup'])
  const ids = contacts.map((contact) => textOf(contact, 'id'))
  if (new Set(ids).size !== ids.length) throw new Error('an id comes twice')
  const numbersOf = (contact: XmlElement) =>
    contact.children.filter(({ name }) => name === 'Phone').map((phone) => textOf(phone, 'phonenumber'))
  return {
    entries: contacts.map((one) => ({ name: joinName(one, 'FirstName', 'LastName'), numbers: numbersOf(one) })),
    next: null,
  }
}

export function readPolyDirectory(bytes: Buffer): ShownBook {
  const [list] = entriesOf(readXml(bytes), 'directory', 'item_list', []) as [XmlElement]
  const entries = list.children.map((item) => ({ name: joinName(item, 'fn', 'ln'), numbers: [textOf(item, 'ct')] }))
  return { entries, next: null }
}

export function readDigiumBook(bytes: Buffer): ShownBook {
  const [group] = entriesOf(readXml(bytes), 'phonebooks', 'contacts', []) as [XmlElement]
  const entries = group.children.map(({ attributes, children }) => ({
    name: `${attributes['first_name']!} ${attributes['last_name']!}`.trim(),
    numbers: children[0]!.children.map((number) => number.attributes['dial']!),
  }))
  return { entries, next: null }
}

export function readAvayaBook(bytes: Buffer): ShownBook {
  const entries = entriesOf(readXml(bytes), 'IPPhoneDirectory', 'DirectoryEntry', []).map((entry) => {
    const phones = entry.children.find(({ name }) => name === 'PhoneNumbers')!.children
    return { name: joinName(entry, 'FirstName', 'LastName'), numbers: phones.map((phone) => textOf(phone, 'Number')) }
  })
  return { entries, next: null }
}

/** What a base is answered to a search: how many there are in all, and some of them (Phonebook Search Protocol 1.4). */
export function readGigasetList(bytes: Buffer): ShownBook & { total: number; first: number; last: number } {
  const root = readXml(bytes)
  if (root.attributes['response'] !== 'get_list') throw new Error('not an answer to get_list')
  const entries = entriesOf(root, 'list', 'entry', []).map((entry) => ({
    name: joinName(entry, 'fn', 'ln'),
    numbers: [textOf(entry, 'hm'), textOf(entry, 'mb')].filter((number) => number !== ''),
  }))
  const [total, first, last] = ['total', 'first', 'last'].map((name) => Number(root.attributes[name])) as [
    number,
    number,
    number,
  ]
  if (entries.length !== (total === 0 ? 0 : last - first + 1)) throw new Error('not as many as it says')
  return { entries, next: null, total, first, last }
}

export function readMicrosipDirectory(bytes: Buffer): ShownBook {
  const entries = entriesOf(readXml(bytes), 'contacts', 'contact', []).map(({ attributes }) => ({
    ...{ name: attributes['name']!, numbers: [attributes['number']!, attributes['mobile']!].filter(Boolean) },
  }))
  return { entries, next: null }
}

/** Contacts JSON of Acrobits: one object a contact, ids told apart. */
export function readAcrobitsContacts(bytes: Buffer): ShownBook {
  type Contact = { contactId: string; displayName: string; contactEntries: { type: string; uri: string }[] }
  const { contacts } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { contacts: Contact[] }
  if (new Set(contacts.map(({ contactId }) => contactId)).size !== contacts.length) throw new Error('an id comes twice')
  const entries = contacts.map(({ displayName, contactEntries }) => ({
    ...{ name: displayName, numbers: contactEntries.filter(({ type }) => type === 'tel').map(({ uri }) => uri) },
  }))
  return { entries, next: null }
}

/** RFC 6350 with its line ends, unfolded; a comma or semicolon that is part of a text has a backslash before it. */
export function readCards(bytes: Buffer): ShownBook {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (/[^\r]\n|\r[^\n]/.test(text)) throw new Error('a line does not end with CR and LF')
  const cards = text.split('END:VCARD\r\n')
  if (cards.pop() !== '') throw new Error('a card is not closed')
  const entries = cards.map((card) => {
    const lines = card.split('\r\n').slice(0, -1)
    if (lines[0] !== 'BEGIN:VCARD' || lines[1] !== 'VERSION:4.0') throw new Error('not a card')
    const values = (name: string) =>
      lines.filter((line) => new RegExp(`^${name}[:;]`).test(line)).map((line) => line.replace(/^[^:]*:/, ''))
    const [name, ...more] = values('FN') as [string, ...string[]]
    if (more.length > 0 || /(?<!\\)(?:\\\\)*[,;]/.test(name)) throw new Error('not one name')
    return { name: name.replaceAll(/\\(.)/g, '$1'), numbers: values('TEL') }
  })
  return { entries, next: null }
}

function entriesOf(root: XmlElement, name: string, entry: string, others: readonly string[]): XmlElement[] {
  if (root.name !== name) throw new Error(`${root.name} instead of ${name}`)
  const stray = root.children.find((child) => child.name !== entry && !others.includes(child.name))
  if (stray) throw new Error(`${stray.name} has no place there`)
  return root.children.filter((child) => child.name === entry)
}

function toEntry(entry: XmlElement, name: string, numbers: readonly string[]): ShownBook['entries'][number] {
  const found = entry.children.filter((child) => numbers.includes(child.name)).map(({ text }) => text)
  return { name: textOf(entry, name), numbers: found.filter((number) => number !== '') }
}

function joinName(entry: XmlElement, first: string, last: string): string {
  return `${textOf(entry, first)} ${textOf(entry, last)}`.trim()
}

function textOf(element: XmlElement, name: string): string {
  const found = element.children.filter((child) => child.name === name)
  if (found.length !== 1) throw new Error(`${found.length} of ${name}`)
  return found[0]!.text
}
