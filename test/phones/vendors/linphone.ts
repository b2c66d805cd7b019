import { readXml } from './xml.ts'

/** Reads lpconfig XML (liblinphone, xml2lpc.c): `section/entry` to value; a repeated section adds to the first. */
export function readLinphone(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'config' || root.attributes.xmlns !== 'http://www.linphone.org/xsds/lpconfig.xsd')
    throw new Error('not lpconfig')
  const entries = new Map<string, string>()
  for (const section of root.children) {
    if (section.name !== 'section') throw new Error('not a section')
    for (const entry of section.children) {
      if (entry.name !== 'entry' || entry.children.length > 0) throw new Error('not an entry')
      // Without it, what the app already holds wins.
      if (entry.attributes.overwrite !== 'true') throw new Error('an entry that would not be taken')
      const name = `${section.attributes.name!}/${entry.attributes.name!}`
      if (entries.has(name)) throw new Error(`${name} is set twice`)
      entries.set(name, entry.text)
    }
  }
  return entries
}

/** The display name and address of a SIP name-addr (RFC 3261, 25.1). */
export function readNameAddress(text: string): { name: string; uri: string } {
  const match = /^"((?:[^"\\]|\\.)*)" <([^<>]+)>$/su.exec(text)
  if (!match) throw new Error('not a name and an address')
  return { name: match[1]!.replace(/\\(.)/gsu, '$1'), uri: match[2]! }
}
