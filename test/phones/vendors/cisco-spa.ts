import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml } from './xml.ts'

/**
 * Reads a `flat-profile` as a Cisco SPA or MPP does: elements one deep, names of letters, digits, `_` and `-`. The phone
 * takes the last of two of one name; a file of ours has none twice.
 */
export function readCiscoProfile(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'flat-profile') throw new Error('not a flat profile')
  const values = new Map<string, string>()
  for (const { name, text, children, attributes } of root.children) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw new Error('not a parameter')
    if (children.length > 0 || Object.keys(attributes).length > 0) throw new Error(`${name} is not plain`)
    if (values.has(name)) throw new Error(`${name} is set twice`)
    values.set(name, text)
  }
  return values
}

/** The parts of a key function, `fnc=sd;ext=1002@$PROXY;nme=Bob`; a part given twice is an injection. */
export function readCiscoFunction(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const match = /^(fnc|ext|sub|nme)=(.*)$/s.exec(part)
    if (!match || parts.has(match[1]!)) throw new Error('not a key function')
    parts.set(match[1]!, match[2]!)
  }
  return parts
}

type Made = { model: string; mac: string; userAgent: string; common: string; accounts?: number }

/** From its box the file of its product, whose rule leads to its own; afterwards the rule that it was left with. */
export function ciscoProfilePhone({ common, ...made }: Made): BootingPhone {
  return {
    ...{ family: 'cisco-spa', ...made },
    boot: async (from, fetch) => {
      const all = new Map<string, string>()
      let rule = from.endsWith('/') ? from + common : from
      // A file that names another rule is followed by the file of that rule, until nothing changes any more.
      for (let url = ''; url !== rule; rule = all.get('Profile_Rule')!) {
        url = rule
        for (const [name, value] of await readProfile(fetch, url.replace('$MA', made.mac))) all.set(name, value)
      }
      return { accounts: listAccounts(all), home: rule }
    },
  }
}

async function readProfile(fetch: Fetch, url: string): Promise<Map<string, string>> {
  return readCiscoProfile(await need(fetch, url))
}

function listAccounts(all: ReadonlyMap<string, string>): Booted['accounts'] {
  const enabled = [...all].filter(([name, value]) => /^Line_Enable_\d+_$/.test(name) && value === 'Yes')
  return enabled.map(([name]) => {
    const say = (what: string) => all.get(name.replace('Line_Enable', what))!
    const proxy = /^(.*):(\d+)$/.exec(say('Proxy'))!
    return {
      user: say('User_ID'),
      authUser: say('Auth_ID'),
      password: say('Password'),
      host: proxy[1]!,
      port: Number(proxy[2]),
      transport: say('SIP_Transport').toLowerCase() as 'udp',
    }
  })
}
