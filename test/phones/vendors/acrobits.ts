import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml } from './xml.ts'

/** Reads an account as the app does: one element, plain elements in it, each once. */
export function readAcrobits(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'account') throw new Error('not an account')
  const values = new Map<string, string>()
  for (const { name, text, children, attributes } of root.children) {
    if (children.length > 0 || Object.keys(attributes).length > 0 || values.has(name))
      throw new Error(`${name} is not plain, or given twice`)
    values.set(name, text)
  }
  if ((values.get('title') ?? '') === '') throw new Error('an account without a title is not saved')
  return values
}

/** Asks the address that somebody scanned, with its own parameters behind it, and later the one it was told. */
export const groundwire: BootingPhone = {
  ...{ family: 'acrobits', model: 'Groundwire', mac: null, userAgent: 'CloudSoftphone/1.5.6' },
  boot: (from, fetch) => boot(from.endsWith('/') ? `${from}acrobits.xml` : from, fetch),
}

async function boot(url: string, fetch: Fetch): Promise<Booted> {
  const all = readAcrobits(
    await need(fetch, `${url}?cloud_username=1001&cloud_password=x&cloud_id=GWIRE&initialScreen=1`),
  )
  const host = /^(.*):(\d+)$/.exec(all.get('host')!)!
  const account = { user: all.get('username')!, authUser: all.get('authUsername')!, password: all.get('password')! }
  const transport = all.get('transport') as 'udp'
  return { accounts: [{ ...account, host: host[1]!, port: Number(host[2]), transport }], home: all.get('extProvUrl')! }
}
