import { miss, need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml, type XmlElement } from './xml.ts'

/** Reads a `DeviceDatabase` as a box does: values by their path, `Sip` by its number. */
export function read2n(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'DeviceDatabase') throw new Error('not a device database')
  const all = new Map<string, string>()
  collect(root, '', all)
  return all
}

function collect(element: XmlElement, path: string, all: Map<string, string>): void {
  for (const { name, attributes, children, text } of element.children) {
    const { At: at, ...more } = attributes
    if (Object.keys(more).length > 0 || (at !== undefined) !== (name === 'Sip')) throw new Error(`${name} is not plain`)
    const key = `${path}${name}${at === undefined ? '' : `.${at}`}`
    if (all.has(key)) throw new Error(`${key} is given twice`)
    all.set(key, children.length === 0 ? text : '')
    collect({ name, attributes, children, text }, `${key}/`, all)
  }
}

/** The common file of its product, then its own, its MAC address in capitals with hyphens. */
export function intercom2n(made: { model: string; mac: string; accounts?: number }): BootingPhone {
  return { family: '2n', userAgent: '', ...made, boot: (from, fetch) => boot(from, fetch, made.mac) }
}

async function boot(from: string, fetch: Fetch, mac: string): Promise<Booted> {
  await miss(fetch, `${from}hipve.bin`)
  await miss(fetch, `${from}hipve-common.xml`)
  const all = read2n(await need(fetch, `${from}hipve-${mac.toUpperCase().replace(/..(?!$)/g, '$&-')}.xml`))
  const enabled = [...all].filter(([key, value]) => /^Phone\/Sip\.\d+\/Registrar\/Enabled$/.test(key) && value === '1')
  const accounts = enabled.map(([key]) => {
    const say = (what: string) => all.get(key.replace('Registrar/Enabled', what))!
    const account = { user: say('User/Id'), authUser: say('User/AuthId'), password: say('User/PasswordString') }
    return { ...account, host: say('Registrar/Address'), port: Number(say('Registrar/Port')) }
  })
  return { accounts, home: null }
}
