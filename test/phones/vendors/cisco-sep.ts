import { miss, need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml, type XmlElement } from './xml.ts'

export type CiscoButton = { button: number; feature: string; label: string; target: string }
export type CiscoDevice = {
  line: Map<string, string>
  buttons: CiscoButton[]
  server: { host: string; port: number }
  transport: string
  dialTemplate: string
  /** Every element without children by its path. */
  all: Map<string, string>
}

const TRANSPORTS: Record<string, 'tcp' | 'udp'> = { 1: 'tcp', 2: 'udp' }

/** Reads `SEP<MAC>.cnf.xml` as the phone does: names are case-sensitive, an element counts once, lines by their button. */
export function readCiscoDevice(bytes: Buffer): CiscoDevice {
  const root = readXml(bytes)
  if (root.name !== 'device') throw new Error('not a device file')
  const all = new Map<string, string>()
  collect(root, '', all)
  if (all.get('deviceProtocol') !== 'SIP' || all.get('fullConfig') !== 'true') throw new Error('not for SIP')
  const lines = find(root, 'sipProfile', 'sipLines').children
  const member = find(root, 'devicePool', 'callManagerGroup', 'members').children
  if (member.length !== 1 || member[0]!.attributes.priority !== '0') throw new Error('not one call manager')
  const buttons = lines.map(readButton)
  if (new Set(buttons.map(({ button }) => button)).size !== buttons.length) throw new Error('a button is given twice')
  const first = lines.find(({ attributes }) => attributes.lineIndex === '1')
  if (!first) throw new Error('no first line')
  const line = new Map(first.children.map(({ name, text }) => [name, text]))
  if (line.get('proxy') !== 'USECALLMANAGER') throw new Error('the line has a proxy of its own')
  const manager = 'devicePool/callManagerGroup/members/member/callManager'
  return {
    ...{ line, buttons, all },
    server: { host: all.get(`${manager}/processNodeName`)!, port: Number(all.get(`${manager}/ports/sipPort`)) },
    transport: all.get('transportLayerProtocol')!,
    dialTemplate: all.get('sipProfile/dialTemplate')!,
  }
}

function readButton({ name, attributes, children }: XmlElement): CiscoButton {
  if (name !== 'line' || !/^[1-9]\d*$/.test(attributes.button ?? '')) throw new Error('not a line')
  const told = new Map(children.map((child) => [child.name, child.text]))
  if (told.size !== children.length) throw new Error('a line says something twice')
  const feature = told.get('featureID')!
  if ((feature === '9') !== (attributes.lineIndex !== undefined)) throw new Error('a line index where there is no line')
  const target = told.get('name') ?? told.get('speedDialNumber') ?? told.get('serviceURI') ?? ''
  return { button: Number(attributes.button), feature, label: told.get('featureLabel')!, target }
}

function collect(element: XmlElement, path: string, all: Map<string, string>): void {
  for (const child of element.children) {
    const name = path + child.name
    if (child.children.length > 0) collect(child, `${name}/`, all)
    else if (child.name !== 'line' && !path.includes('sipLines')) {
      if (all.has(name)) throw new Error(`${name} is given twice`)
      all.set(name, child.text)
    }
  }
}

function find(root: XmlElement, ...path: string[]): XmlElement {
  return path.reduce((element, name) => {
    const found = element.children.filter((child) => child.name === name)
    if (found.length !== 1) throw new Error(`there is not one ${name}`)
    return found[0]!
  }, root)
}

/** Trust lists, then its own file and what that one names; without its own it would look for the common one. */
export function ciscoPhone(made: { model: string; mac: string }): BootingPhone {
  return {
    ...{ family: 'cisco-sep', userAgent: '', ...made },
    boot: (from, fetch) => boot(from, fetch, made.mac.toUpperCase()),
  }
}

async function boot(from: string, fetch: Fetch, mac: string): Promise<Booted> {
  for (const trust of [`CTLSEP${mac}.tlv`, `ITLSEP${mac}.tlv`, 'ITLFile.tlv']) await miss(fetch, from + trust)
  const own = await fetch(`${from}SEP${mac}.cnf.xml`)
  if (!own) {
    await miss(fetch, `${from}XMLDefault.cnf.xml`)
    throw new Error(`SEP${mac}.cnf.xml is not there`)
  }
  const { line, server, transport, dialTemplate } = readCiscoDevice(own)
  const dialPlan = readXml(await need(fetch, from + dialTemplate))
  if (dialPlan.name.toLowerCase() !== 'dialtemplate') throw new Error('not a dial template')
  for (const extra of ['English_United_States/mk-sip.jar', 'united_states/g3-tones.xml', 'AppDialRules.xml'])
    await miss(fetch, from + extra)
  const account = { user: line.get('name')!, authUser: line.get('authName')!, password: line.get('authPassword')! }
  return { accounts: [{ ...account, ...server, transport: TRANSPORTS[transport]! }], home: null }
}
