import { need, type Account, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml, type XmlElement } from './xml.ts'

/** Reads a `config` file as a DAG does: groups in groups, each with `param` elements of one name each. */
export function readDinstar(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'config' || root.attributes.version === undefined) throw new Error('not a configuration')
  const all = new Map<string, string>()
  collect(root, '', all)
  return all
}

function collect(group: XmlElement, path: string, all: Map<string, string>): void {
  for (const { name, attributes, children, text } of group.children) {
    if (text.trim() !== '') throw new Error('text between the elements')
    const key = name === 'param' ? `${path}${attributes.name}` : `${path}${name}/`
    if (all.has(key)) throw new Error(`${key} is given twice`)
    if (name === 'param') {
      if (Object.keys(attributes).join() !== 'name,value') throw new Error(`${key} is not plain`)
      all.set(key, attributes.value!)
    } else {
      all.set(key, '')
      collect({ name, attributes, children, text }, key, all)
    }
  }
}

/** The file of its serial number names its own. */
export function dinstarGateway(made: { model: string; mac: string; accounts?: number }): BootingPhone {
  return { family: 'dinstar', userAgent: 'DAG2000', ...made, boot: (from, fetch) => boot(from, fetch, made.mac) }
}

async function boot(from: string, fetch: Fetch, mac: string): Promise<Booted> {
  const provision = readXml(await need(fetch, `${from}83/da44-1017-9088-0092.xml`))
  const product = provision.children[0]!
  if (provision.name !== 'provision' || product.attributes.id !== '83') throw new Error('not for this product')
  const name = product.children[0]!.attributes.name!.replace('$(MA)', mac)
  const all = readDinstar(await need(fetch, product.attributes.url! + name))
  const say = (key: string) => all.get(key)!
  const ports = [...all].filter(([key, value]) => /^ports\/port\d+\/enable$/.test(key) && value === 'enable')
  const accounts = ports.map(([key]): Account => {
    const account = `sipacc/sipacc${say(key.replace('enable', 'primary_sipacc_id'))}`
    if (say(`${account}/isregister`) !== 'enable') throw new Error('a port without registration')
    return {
      user: say(`${account}/user_id`),
      authUser: say(`${account}/auth_id`),
      password: say(`${account}/auth_pwd`),
      host: say('sipserver/server0/domain'),
      port: Number(say('sipserver/server0/port')),
      transport: say('sipserver/transport') as 'udp',
    }
  })
  return { accounts, home: null }
}
